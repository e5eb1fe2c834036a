// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Run in a page of the web that has loaded: what waits until somebody scrolls
// to it comes now. The page is scrolled through while its time is ours, as
// observers see only what has been drawn.
async () => {
  const STEPS_MAX = 30, FRAME_MS = 100;
  const root = document.documentElement;
  const drawn = () => new Promise(resolve => {
    setTimeout(resolve, FRAME_MS);
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });

  for (const e of document.querySelectorAll('[loading=lazy]'))
    e.loading = 'eager';
  for (let n = 0; n < STEPS_MAX && n * innerHeight < root.scrollHeight; n++) {
    scrollTo({top: n * innerHeight, behavior: 'instant'});
    await drawn();
  }
  scrollTo({top: 0, behavior: 'instant'});
}
