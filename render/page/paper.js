// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Run in a page that has loaded, before it is printed: what was laid out for a
// screen is made fit for paper, on which nothing scrolls and nothing floats.
// `width` is what the paper has between its margins, in CSS pixels; `rules` are
// those of sheet.css, where the document does not have them yet. `judge` says
// what a page of the web is (judge.js); mail has none.
//
// Returns {what, width}: "page", or why it is none ("empty", or what the judge
// says); and the width that its content needs.
(width, rules, judge) => {
  const root = document.documentElement, body = document.body;
  const isMail = !judge;
  if (!body)
    return {what: 'empty', width};

  if (rules) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  for (const e of document.querySelectorAll('marquee'))
    e.replaceWith(...e.childNodes);
  for (const move of document.getAnimations()) {
    try {
      move.finish();
    } catch {
      move.cancel(); // it has no end
    }
  }
  for (const drawing of document.querySelectorAll('svg:has(animate)'))
    drawing.setCurrentTime(3600); // where all that moves in it has arrived

  const text = body.innerText.trim();
  const set = (e, rules) => {
    for (const [name, value] of Object.entries(rules))
      e.style.setProperty(name, value, 'important');
  };

  // ---- what floats: it would stand on every sheet, above the text

  const unfloat = e => {
    const at = e.getBoundingClientRect();
    if (isMail || !e.matches(ASIDE) &&
        e.innerText.trim().length * 2 > text.length)
      return {position: 'static', height: 'auto'}; // it is the page
    if (at.top <= 1 && at.height <= innerHeight / 3)
      return {position: 'absolute'}; // its head, which stays at the top
    return {display: 'none'}; // bars and walls that ask for a click
  };

  // ---- what scrolls: all of it is shown

  const CONTROLS = 'textarea,select,input';
  const ASIDE = 'nav,aside,[role=navigation],[role=complementary],[role=menu]';
  const GROWN = {height: 'auto', 'max-height': 'none', overflow: 'visible'};

  const unfold = e => {
    set(e, GROWN);
    for (let up = e.parentElement; up; up = up.parentElement)
      set(up, GROWN);
  };

  const unscroll = (e, height, isTall, isWide) => {
    if (!isMail && e.closest(ASIDE)) // a menu is as long as it was
      set(e, {overflow: 'hidden', 'max-height': height + 'px'});
    else if (isTall)
      unfold(e);
    else if (isWide && (isMail || e.querySelector('table')))
      set(e, {overflow: 'visible'});
    else // a row of pictures to be leafed through
      set(e, {overflow: 'hidden'});
  };

  const ENDLESS = /\S{60}/; // a word that would widen its table

  const scrolls = value => value === 'auto' || value === 'scroll';

  // Sizes are asked for where they matter: that costs more than all the rest.
  const changesOf = (e, style, isInPre) => {
    const changes = [];
    const isScroller = scrolls(style.overflowX) || scrolls(style.overflowY);
    if (style.position === 'fixed') {
      const rules = unfloat(e);
      changes.push(() => set(e, rules));
    }
    if (e === root || e === body) {
      if (style.overflowY !== 'visible')
        changes.push(() => set(e, GROWN));
      return changes;
    }
    if (e.localName === 'img' && e.clientWidth > width) {
      // a photo as it was taken would make all the rest small with it
      const low = e.clientHeight * width / e.clientWidth;
      changes.push(() => set(e, {
        width: width + 'px', 'max-width': 'none', height: low + 'px'}));
    }
    if (!isScroller && !isInPre || e.matches(CONTROLS))
      return changes;
    const isTall = e.scrollHeight > e.clientHeight + 1;
    const isWide = e.scrollWidth > e.clientWidth + 1;
    const height = e.clientHeight;
    if (isInPre && isWide && style.display !== 'inline')
      changes.push(() => set(e, {
        'white-space': 'pre-wrap', 'overflow-wrap': 'anywhere'}));
    if (isTall && scrolls(style.overflowY) ||
        isWide && scrolls(style.overflowX))
      changes.push(() => unscroll(e, height, isTall, isWide));
    return changes;
  };

  const fitForPaper = () => {
    const hasPre = body.querySelector('pre') !== null;
    const hasEndless = ENDLESS.test(body.textContent);
    const changes = [];
    for (const e of [root, body, ...body.querySelectorAll('*')]) {
      changes.push(...changesOf(e, getComputedStyle(e),
                                hasPre && e.closest('pre') !== null));
      if (hasEndless && [...e.childNodes].some(
          n => n.nodeType === 3 && ENDLESS.test(n.data)))
        changes.push(() => set(e, {'overflow-wrap': 'anywhere'}));
    }
    for (const change of changes)
      change();
  };

  // ---- how wide it is, without what is put out of sight

  const rightEdge = e => {
    const style = getComputedStyle(e);
    if (style.display === 'none' || style.position === 'absolute')
      return 0;
    const at = e.getBoundingClientRect();
    let right = at.right;
    if ([...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
      right = Math.max(right, at.left + e.scrollWidth);
    if (e === body || style.overflowX === 'visible')
      for (const child of e.children)
        right = Math.max(right, rightEdge(child));
    return right;
  };

  const neededWidth = () => root.scrollWidth > width ? rightEdge(body) : width;

  // A page of the web has been laid out for a screen.
  const neededOnPaper = () => {
    const before = root.style.width;
    root.style.width = width + 'px';
    const right = neededWidth();
    root.style.width = before;
    return right;
  };

  const SEEN = 'img,svg,canvas,video,iframe,object,embed,[background],' +
      '[bgcolor],[style*=background]';
  const whatMailIs = () =>
      text || document.querySelector(SEEN) ? 'page' : 'empty';

  const what = isMail ? whatMailIs() : judge();
  if (what !== 'page')
    return {what, width};
  fitForPaper();
  return {what, width: innerWidth > width ? neededOnPaper() : neededWidth()};
}
