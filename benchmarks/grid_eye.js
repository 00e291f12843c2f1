/**
 * Looks at the library in every frame: how long a place that can be seen stayed without its image, and how long frames
 * took. A place is blank from the frame in which it comes into view until its name stands there (`name`) and until its
 * picture is loaded (`picture`); where no row exists at all in a part of the view, that counts as one blank place.
 */
(() => {
  const MISSING = -1;
  let since = new Map();
  let done = { name: [], picture: [], frames: [] };
  let last = 0;
  let isOn = false;

  const box = () => document.querySelector("[data-testid=library], [data-testid=library-table]");

  /** Places in view with what they lack: [index, lacks a name, lacks a picture]. */
  function inView() {
    const place = box();
    if (place === null) return [];
    const view = place.getBoundingClientRect();
    const head = place.querySelector("[role=columnheader]")?.getBoundingClientRect().bottom ?? view.top;
    const top = Math.max(view.top, head) + 1;
    const bottom = view.bottom - 1;
    const found = [];
    let covered = top;
    for (const row of place.querySelectorAll("[role=row][aria-rowindex]")) {
      const { top: from, bottom: to } = row.getBoundingClientRect();
      if (to <= top || from >= bottom) continue;
      covered = Math.max(covered, to);
      const cells = row.querySelectorAll("[role=gridcell]");
      const base = Number(row.getAttribute("aria-rowindex")) * 10000;
      (cells.length > 0 ? [...cells] : [row]).forEach((cell, column) => {
        const image = cell.querySelector("img");
        const noName = cell.getAttribute("aria-busy") === "true";
        found.push([base + column, noName, noName || !(image?.complete && image.naturalWidth > 0)]);
      });
    }
    // The end of the list, and gaps between rows, are no blanks.
    const isEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 40;
    if (found.length === 0 || (covered < bottom - 60 && !isEnd)) found.push([MISSING, true, true]);
    return found;
  }

  function look(now) {
    if (!isOn) return;
    if (last > 0) done.frames.push(now - last);
    last = now;
    const here = new Map(inView().map(([index, noName, noPicture]) => [index, { noName, noPicture }]));
    for (const [index, begin] of since) {
      const seen = here.get(index);
      // What went out of view without its image was blank until then.
      if (!begin.name && (seen === undefined || !seen.noName)) {
        done.name.push(now - begin.at);
        begin.name = true;
      }
      if (!begin.picture && (seen === undefined || !seen.noPicture)) {
        done.picture.push(now - begin.at);
        begin.picture = true;
      }
      if (seen === undefined) since.delete(index);
    }
    for (const [index, { noName, noPicture }] of here) {
      if (since.has(index)) continue;
      since.set(index, { at: now, name: !noName, picture: !noPicture });
      if (index === MISSING) continue;
      if (!noName) done.name.push(0);
      if (!noPicture) done.picture.push(0);
    }
    requestAnimationFrame(look);
  }

  window.gridEye = {
    start() {
      since = new Map();
      done = { name: [], picture: [], frames: [] };
      last = 0;
      isOn = true;
      requestAnimationFrame(look);
    },
    stop() {
      isOn = false;
      return done;
    },
    /** As the bar does when it is dragged to a share of its way. */
    jump(share) {
      const place = box();
      place.scrollTop = share * (place.scrollHeight - place.clientHeight);
    },
    /** Scroll by so many pixels a second, frame by frame. */
    async scroll(speed, seconds) {
      const place = box();
      const begin = performance.now();
      let before = begin;
      for (;;) {
        const now = await new Promise(requestAnimationFrame);
        if (now - begin > seconds * 1000) return;
        place.scrollTop += Math.round((speed * (now - before)) / 1000);
        before = now;
      }
    },
    isFull: () => {
      const places = inView();
      return places.length > 1 && places.every(([, , noPicture]) => !noPicture);
    },
  };
})();
