/**
 * The console's script. The page works without it. With it, the page updates itself after changes, follows links and
 * sends forms without a reload, and supports dragging in the sandbox.
 */
(() => {
  'use strict';

  const main = document.querySelector('main[data-token]');
  if (!main) return;

  const message = document.getElementById('message');
  const live = document.getElementById('live');
  /** A block is being dragged: the page must not replace it. */
  let dragging = false;
  let dropped = false;
  /** The page must be read again. */
  let wanted = false;
  /** The next read replaces also the parts that the user types in. */
  let wantedCompletely = false;
  /** The read in progress. */
  let reading = null;

  /** The appointment of the last action, and its time by the clock of the service: its outcome replaces the answer. */
  let watched = null;
  /** Interval of the questions for an outcome, and the time after which the page asks no more. */
  const OUTCOME_MS = 1000;
  const PATIENCE_MS = 120_000;

  function watch(appointment, since) {
    watched = { appointment, since, until: Date.now() + PATIENCE_MS };
    setTimeout(() => void askOutcome(watched), OUTCOME_MS / 2);
  }

  async function askOutcome(asked) {
    // Another action, or another page, came in between.
    if (watched === null || watched !== asked) return;
    try {
      const query = new URLSearchParams({ appointment: asked.appointment, since: asked.since });
      const answer = await fetch(`/console/outcome?${query}`, { headers: { Accept: 'application/json' } });
      const { message: outcome = null, isDone = false } = answer.ok ? await answer.json() : {};
      if (watched !== asked) return;
      if (outcome !== null && message.textContent !== outcome) {
        say(outcome);
        void renew();
      }
      if (isDone) watched = null;
    } catch {
      // The service cannot be reached: the live line says so.
    }
    if (watched === asked && Date.now() < asked.until) setTimeout(() => void askOutcome(asked), OUTCOME_MS);
  }

  function say(text, refused = false) {
    message.textContent = text;
    message.classList.toggle('refused', refused);
  }

  /** Whether the user types or has typed in the part. */
  function isHeld(part) {
    if (!part.hasAttribute('data-hold')) return false;
    if (part.contains(document.activeElement) && document.activeElement.matches('input, select')) return true;
    return [...part.querySelectorAll('input, select')].some((field) => field.dataset.touched === 'yes');
  }

  /** Replaces the parts that have changed, and keeps the focus. */
  function takeOver(page, { everything }) {
    const focused = document.activeElement?.getAttribute('data-focus');
    for (const part of document.querySelectorAll('[data-live]')) {
      const next = page.getElementById(part.id);
      // A list that the reader has opened or closed stays so.
      for (const list of next?.querySelectorAll('details[id]') ?? []) {
        list.open = document.getElementById(list.id)?.open ?? list.open;
      }
      if (!next || part.innerHTML === next.innerHTML || (!everything && isHeld(part))) continue;
      part.replaceChildren(...document.importNode(next, true).childNodes);
    }
    const nextMain = page.querySelector('main[data-token]');
    if (nextMain) for (const name of ['day', 'back']) main.dataset[name] = nextMain.dataset[name];
    for (const dayField of document.querySelectorAll('.find input[name="day"]')) {
      if (dayField !== document.activeElement) dayField.value = main.dataset.day;
    }
    if (focused && document.activeElement === document.body) {
      document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
  }

  /** Reads the page once, and shows it if the address is still the same. */
  async function readPage({ everything }) {
    const address = location.href;
    try {
      const answer = await fetch(address, { headers: { Accept: 'text/html' } });
      if (answer.redirected) {
        location.reload();
        return;
      }
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (dragging || location.href !== address) return;
      takeOver(page, { everything });
    } catch {
      // The service cannot be reached: the live line says so, and the page is read after the reconnect.
    }
  }

  /**
   * Reads the page again. A request during a read leads to one more read after it; the promise resolves after the last
   * read.
   */
  function renew({ everything = false } = {}) {
    wanted = true;
    wantedCompletely ||= everything;
    if (!dragging) reading ??= readWhileWanted().finally(() => (reading = null));
    return reading ?? Promise.resolve();
  }

  async function readWhileWanted() {
    const everything = wantedCompletely;
    wanted = false;
    wantedCompletely = false;
    await readPage({ everything });
    if (wanted && !dragging) await readWhileWanted();
  }

  // -- live -------------------------------------------------------------------------------------------------------
  function listen() {
    const source = new EventSource('/console/events');
    source.addEventListener('open', () => {
      live.dataset.state = 'on';
      live.textContent = 'live';
      void renew();
    });
    source.addEventListener('error', () => {
      live.dataset.state = 'off';
      live.textContent = 'not live: the service does not answer';
    });
    source.addEventListener('changed', () => void renew());
    addEventListener('pagehide', () => source.close());
  }

  // -- links and forms ------------------------------------------------------------------------------------------
  async function visit(address, focus) {
    history.pushState(null, '', address);
    // The outcome of an action stays visible after another booking is selected.
    if (watched === null) say('');
    await renew({ everything: true });
    const id = focus ?? decodeURIComponent(new URL(address).hash.slice(1));
    const goal = id === '' ? null : document.getElementById(id);
    if (goal) bringIntoView(goal);
  }

  /** Focuses a heading, and scrolls to it if what follows it is out of view. */
  function bringIntoView(heading) {
    heading.focus({ preventScroll: true });
    const { top } = heading.getBoundingClientRect();
    if (top < 0 || top > innerHeight * 0.6) (heading.closest('.chosen') ?? heading).scrollIntoView({ block: 'start' });
  }

  // -- the second step of an action: its page, shown as a dialog -----------------------------------------------------
  const dialog = document.createElement('dialog');
  dialog.setAttribute('aria-labelledby', 'confirm-title');
  document.body.append(dialog);
  let confirming = null;

  /** Shows the effects of an action, and asks. `problem`: why the last answer was refused. */
  async function ask(address, problem = '') {
    const answer = await fetch(address, { headers: { Accept: 'text/html' } });
    const part = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('confirm');
    if (answer.redirected || !part) {
      location.assign(address);
      return;
    }
    confirming = address;
    dialog.replaceChildren(...document.importNode(part, true).childNodes);
    if (problem) {
      const notice = document.createElement('p');
      notice.className = 'bad';
      notice.setAttribute('role', 'alert');
      notice.textContent = problem;
      dialog.prepend(notice);
    }
    if (!dialog.open) dialog.showModal();
    document.getElementById('confirm-title')?.focus();
  }

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-dismiss]')) {
      say('');
      watched = null;
      return;
    }
    if (event.target.closest?.('dialog [data-close]')) {
      event.preventDefault();
      dialog.close();
      return;
    }
    const asks = event.target.closest?.('a[data-confirm]');
    if (!asks || dropped || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    ask(asks.href).catch(() => say('The service does not answer.', true));
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[data-nav]');
    if (dropped) {
      event.preventDefault();
      return;
    }
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
      return;
    event.preventDefault();
    const chooses = new URL(link.href).searchParams.has('appointment');
    void visit(link.href, chooses ? 'chosen-title' : null);
  });

  addEventListener('popstate', () => void renew({ everything: true }));

  /** Sends a form's fields, and shows the result. */
  async function send(address, fields) {
    try {
      const answer = await fetch(address, { method: 'POST', headers: { Accept: 'application/json' }, body: fields });
      const said = await answer.json();
      const named = /\/(?:dead-letters|checkouts|bookings|events)\/([^/]+)\//.exec(
        new URL(address, location.href).pathname,
      );
      const appointment = said.appointment ?? (named ? decodeURIComponent(named[1]) : null);
      const follows = answer.ok && appointment !== null && said.isDone !== true;
      say(`${said.message ?? said.error ?? ''}${follows ? ' Syncing …' : ''}`, !answer.ok);
      watched = null;
      if (follows) watch(appointment, said.at);
      return answer.ok;
    } catch {
      say('The service does not answer.', true);
      return false;
    }
  }

  document.addEventListener('input', (event) => {
    event.target.dataset.touched = 'yes';
  });

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('form[data-act]')) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    void send(form.action, new URLSearchParams(new FormData(form))).then(async (done) => {
      if (button) button.disabled = false;
      const isInDialog = form.closest('dialog') !== null;
      if (!done && isInDialog) await ask(confirming, message.textContent);
      if (!done) return;
      if (isInDialog) dialog.close();
      for (const field of form.elements) delete field.dataset.touched;
      await renew();
    });
  });

  // -- keys ---------------------------------------------------------------------------------------------------------
  const KEYS = { ArrowLeft: 'before', ArrowRight: 'after', t: 'today' };

  document.addEventListener('keydown', (event) => {
    if (dialog.open) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.('input, select, textarea, .scroll'))
      return;
    const find = document.querySelector('input[name="q"]');
    if (event.key === '/' && find) {
      event.preventDefault();
      find.focus();
      return;
    }
    const link = document.querySelector(`[data-focus="${KEYS[event.key] ?? 'none'}"]`);
    if (link) void visit(link.href, null);
  });

  // -- dragging, in the sandbox -----------------------------------------------------------------------------------
  const STEP_MS = 15 * 60_000;
  const ROW_MS = 5 * 60_000;
  const ROW_PX = 4;
  /** A movement shorter than this, in pixels, is a click. */
  const SLACK_PX = 5;

  function wallTime(instant) {
    return new Date(instant + Number(main.dataset.offset)).toISOString().slice(11, 16);
  }

  /** The time of day in the reader's locale. */
  function shownTime(instant) {
    const shown = new Date(instant + Number(main.dataset.offset));
    return shown.toLocaleTimeString(navigator.language, { timeStyle: 'short', timeZone: 'UTC' });
  }

  /** The target of the dragged block at this position. */
  function target(block, dx, dy) {
    const start = Number(block.dataset.start) + Math.round(((dy / ROW_PX) * ROW_MS) / STEP_MS) * STEP_MS;
    const { left, width } = block.closest('.lane').getBoundingClientRect();
    const x = left + width / 2 + dx;
    const lanes = [...document.querySelectorAll(`.lane[data-side="${block.dataset.drag}"]`)];
    const under = lanes.find((lane) => {
      const box = lane.getBoundingClientRect();
      return x >= box.left && x <= box.right;
    });
    return { start, lane: under ?? block.closest('.lane') };
  }

  document.addEventListener('pointerdown', (down) => {
    const block = down.target.closest?.('[data-drag]');
    // Touch scrolls the page; the forms have the same function.
    if (!block || down.button !== 0 || down.pointerType === 'touch' || dragging) return;
    let moved = false;
    const dx = (event) => event.clientX - down.clientX;
    const dy = (event) => event.clientY - down.clientY;

    function onMove(event) {
      if (!moved && Math.hypot(dx(event), dy(event)) < SLACK_PX) return;
      if (!moved) {
        moved = true;
        dragging = true;
        block.setPointerCapture(down.pointerId);
        block.classList.add('dragged');
      }
      const { start } = target(block, dx(event), dy(event));
      block.style.transform = `translate(${dx(event)}px, ${dy(event)}px)`;
      block.querySelector('.time').textContent = shownTime(start);
    }

    function end() {
      document.removeEventListener('pointermove', onMove);
      document.removeEventListener('pointerup', onUp);
      document.removeEventListener('pointercancel', onCancel);
    }

    function onCancel() {
      end();
      block.classList.remove('dragged');
      block.style.transform = '';
      dragging = false;
      void renew();
    }

    async function onUp(event) {
      end();
      if (!moved) return;
      // The click after a drag is ignored.
      dropped = true;
      setTimeout(() => (dropped = false), 0);
      const { start, lane } = target(block, dx(event), dy(event));
      const side = block.dataset.drag === 'google' ? 'events' : 'bookings';
      const fields = new URLSearchParams({
        form: main.dataset.token,
        back: '/',
        day: main.dataset.day,
        bay: lane.dataset.bay,
        time: wallTime(start),
      });
      await send(`/console/sandbox/${side}/${encodeURIComponent(block.dataset.appointment)}/move`, fields);
      block.classList.remove('dragged');
      block.style.transform = '';
      dragging = false;
      // The block shows a preview, so it is rendered again in any case.
      await renew();
    }

    document.addEventListener('pointermove', onMove);
    document.addEventListener('pointerup', onUp);
    document.addEventListener('pointercancel', onCancel);
  });

  listen();
  // Ages and expiries change without events.
  setInterval(() => void renew(), 10_000);
})();
