// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Run in a page of the web that has loaded, before it is printed: what it is.
// Better a sentence than a useless sheet, but a page that is refused for
// nothing is worse than both. So what decides is not a word somewhere in it:
// the title or the first heading must say it, and the page little else, not
// counting the frame that its site puts around every page.
//
// Returns "page", or why it is none: "empty", "login", "missing", "closed",
// "guarded".
() => {
  const FRAME = 'header,footer,nav,aside,[role=banner],[role=navigation],' +
      '[role=contentinfo],[role=complementary],[role=search]';
  const SEEN = 'img,svg,canvas,video,iframe,frame,object,embed';
  const WORDS_MAX = 500;        // letters of a page that says nothing else
  const LOGIN_WORDS_MAX = 1200; // beside a password: terms, what is new
  const UNNAMED_MAX = 100;      // beside a password, and no heading says why

  // Titles are "Page not found - Shop"; each piece is looked at alone.
  const SIGN_IN = new RegExp('^(please |you must |you need to )?' +
      '((sign|log)[ -]?(in|on)|authenticat)(?!g)|\\b(sign|log)[ -]?[io]n( page)?$|' +
      '^(bitte )?(anmelden|anmeldung|einloggen)|\\banmelden$|' +
      '^(se connecter|connexion|connectez-vous|identifi)|' +
      '^(iniciar sesi|inicia sesi|accedi|accesso|inloggen|aanmelden)|' +
      '^verify (your identity|it.s you)|' +
      '\u767b\u5f55|\u30ed\u30b0\u30a4\u30f3|^\u0432\u043e\u0439\u0442\u0438|' +
      '^\u0432\u0445\u043e\u0434', 'i');
  const WAY_IN = new RegExp('^(continue|(sign|log) ?[io]n|weiter mit|' +
      'anmelden|einloggen|se connecter|continuer avec|accedi|' +
      'iniciar sesi|inloggen)|\\b(sso|single sign.on)\\b', 'i');
  const NOT_THERE = '((not|n.t) (be found|found|exist|available)|' +
      'no longer (exists?|available)|nicht gefunden|existiert nicht|' +
      'introuvable|n.existe pas|no encontrad|no existe|' +
      'non (\u00e8 stata )?trovat|non esiste|niet gevonden|bestaat niet)';
  const MISSING = new RegExp(
      '^\\W*((oops|sorry|http|error|fehler|erreur|page|seite)\\W+)*404\\b' +
      '(?!\\W*[a-z\u00df-\u024f])|^\\W*((http|error|fehler|erreur)\\W+)*404\\W+.*' +
      NOT_THERE + '|^\\W*((http|error) )?404\\W+(error|erreur|fehler)|' +
      '^\\W*not found\\W*$|' +
      '(page|file|document|content|url|address|post|seite|datei|dokument|' +
      'p\u00e1gina|pagina).{0,40}' + NOT_THERE + '|' +
      'find (that|the|this|your) page|' +
      '\u898b\u3064\u304b\u308a\u307e\u305b\u3093|\u9875\u9762\u4e0d\u5b58\u5728',
      'i');
  const CLOSED = new RegExp('^(down for|under|site) ' +
      '(scheduled )?maintenance|^(scheduled )?maintenance( mode)?$|' +
      'be (right )?back soon|' +
      'temporarily (unavailable|down)|^(wartungsarbeiten|wartungsmodus)|' +
      '^(error |http )?50[0234](\\W+(error|internal|bad|service|gateway).*)?$|' +
      '^(internal server|bad gateway|service unavailable|application error)|' +
      '^(an )?error (has )?occurred|^something went wrong', 'i');
  const GUARDED = new RegExp('^just a moment|^attention required|' +
      '^access denied|^checking (your|if the)|^verif(y|ying) (that )?you are|' +
      '^are you a (robot|human)|^security check|^one more step|' +
      '^please (enable|turn on) (java)?script|' +
      '^(java)?script is (disabled|required)', 'i');

  const isVisible = e => {
    const at = e.getBoundingClientRect();
    if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true}) ||
        at.width < 1 || at.height < 1 || at.right <= 0 || at.bottom <= 0 ||
        at.left >= document.documentElement.clientWidth)
      return false;
    for (let up = e.parentElement; up; up = up.parentElement)
      if ((up.clientHeight < 2 || up.clientWidth < 2) &&
          getComputedStyle(up).overflow === 'hidden')
        return false;
    return true;
  };

  // An article has a head of its own.
  const isFrame = e => {
    const frame = e.closest(FRAME);
    return frame !== null && !frame.parentElement.closest('main,article') &&
        !frame.querySelector('h1');
  };
  const lengthOf = e => e ? (e.innerText ?? '').trim().length : 0;

  const body = document.body;
  const text = body.innerText.trim();
  const frames = [...document.querySelectorAll(FRAME)].filter(
      e => isFrame(e) && !e.parentElement.closest(FRAME));
  const nWords = text.length - frames.reduce((n, e) => n + lengthOf(e), 0);
  const ours = query => [...document.querySelectorAll(query)].filter(
      e => isVisible(e) && (nWords === 0 || !isFrame(e)));

  const pieces = () => {
    const heading = ours('h1')[0] ?? ours('h2,h3,[role=heading]')[0];
    const first = heading ? heading.innerText : text.split('\n')[0];
    return [...document.title.split(/ [-\u2013\u2014|\u00b7\u00bb:] /), first]
        .map(piece => piece.trim()).filter(piece => piece && piece.length < 90);
  };
  const says = regexp => pieces().some(piece => regexp.test(piece));

  // ---- what asks who is there

  const asksForPassword = () => {
    const [input] = ours('input[type=password]:not([autocomplete=new-password])');
    if (!input)
      return false;
    const nBeside = nWords - lengthOf(input.closest('form'));
    return nBeside < (says(SIGN_IN) ? LOGIN_WORDS_MAX : UNNAMED_MAX);
  };

  // A name first and the password on the next page, or nothing but buttons.
  const asksForName = () => {
    const fields = ours('input,textarea,select').filter(
        e => !['hidden', 'submit', 'button', 'checkbox', 'search'].includes(
            e.type));
    const leads = e => WAY_IN.test((e.innerText || e.value || '').trim());
    return nWords < WORDS_MAX && fields.length <= 1 && says(SIGN_IN) &&
        (fields.length === 1 ||
         ours('button,[role=button],a,[type=submit]').some(leads));
  };

  // A form that sends itself: the way to and from single sign-on.
  const isOnItsWay = () => nWords < WORDS_MAX && document.querySelector(
      'form[method=post i] :is([name=SAMLRequest],[name=SAMLResponse],' +
      '[name=wresult],[name=id_token])') !== null;

  const answered = performance.getEntriesByType('navigation')[0];
  const status = answered ? answered.responseStatus : 200;

  if (isOnItsWay() || status === 401 || asksForPassword() || asksForName())
    return 'login';
  if (status === 404 || status === 410)
    return 'missing';
  if (status === 403)
    return 'guarded';
  if (status >= 400)
    return 'closed';
  if (!text && ![...document.querySelectorAll(SEEN)].some(isVisible))
    return 'empty';
  if (nWords >= WORDS_MAX)
    return 'page';
  return says(MISSING) ? 'missing' : says(CLOSED) ? 'closed' :
      says(GUARDED) ? 'guarded' : 'page';
}
