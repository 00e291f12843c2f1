// What a test can see on a page; `looking.py` puts this into it and asks.
window.looking = (() => {
  const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const CONTROLS =
    "button, a[href], input:not([type=file]):not([type=hidden]), select, textarea, [role=tab], [role=menuitem], " +
    "[role=slider]";

  const named = (one) =>
    (one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || "").trim();

  function describe(node) {
    const why = [...node.any, ...node.all][0]?.message ?? "";
    return `${node.target.join(" ")} ${node.html.slice(0, 160)} (${why})`;
  }

  /** Serious and critical findings of axe-core. */
  async function findings() {
    const found = await axe.run(document, { resultTypes: ["violations"], runOnly: TAGS });
    return found.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.slice(0, 3).map(describe).join("; ")}`);
  }

  /** What is wider than its place, although it was not made to scroll sideways. */
  function sideways() {
    return [...document.querySelectorAll("html, body, #main, [role=dialog], [role=dialog] section")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1)
      .map((one) => `${one.tagName}#${one.id} is ${one.scrollWidth} px wide in ${one.clientWidth} px`);
  }

  function isSeen(one) {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    if (style.visibility === "hidden" || style.opacity === "0") return false;
    if (one.closest("[inert], [aria-hidden=true]") !== null) return false;
    return box.width > 1 && box.height > 1 && box.right > 0 && box.left < innerWidth;
  }

  /** The height that takes a click meant for a control: its own, that of its label, or of a surface laid around it. */
  function reach(one) {
    const parts = [one, one.closest("label, .mantine-Input-input"), ...(one.labels ?? [])].filter(Boolean);
    const heights = parts.map((part) => part.getBoundingClientRect().height);
    for (const name of ["::before", "::after"]) {
      const style = getComputedStyle(one, name);
      if (style.content !== "none" && style.position === "absolute") heights.push(parseFloat(style.height) || 0);
    }
    return Math.max(...heights);
  }

  /** Controls in sight that are lower than a thumb needs; links within a text are as high as the text. */
  function small(least) {
    const inText = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline";
    return [...document.querySelectorAll(CONTROLS)]
      .filter((one) => isSeen(one) && !inText(one) && reach(one) < least)
      .map((one) => `${one.tagName.toLowerCase()} "${named(one).slice(0, 40)}" is ${Math.round(reach(one))} px high`);
  }

  /** Whether nothing is on its way or moving. */
  function isSettled() {
    const ended = (one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity;
    return (
      document.querySelector("main h1, main h2, [role=application]") !== null &&
      document.querySelector("[aria-busy=true], .mantine-Loader-root") === null &&
      document.getAnimations().every(ended)
    );
  }

  const frame = () => new Promise((done) => requestAnimationFrame(done));

  /** Wait until what is here has been drawn, and nothing is on its way or moving. */
  async function settled(most) {
    const until = performance.now() + most;
    await frame();
    await frame();
    while (!isSettled()) {
      if (performance.now() > until) throw new Error("the page does not come to rest");
      await frame();
    }
    return true;
  }

  /** What has the focus, and whether one can see that. Fields show it by their border. */
  function focus() {
    const one = document.activeElement;
    const styles = [getComputedStyle(one), getComputedStyle(one, "::after"), getComputedStyle(one.parentElement)];
    const ring = styles.some(
      ({ outlineStyle, outlineWidth, boxShadow }) =>
        (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none",
    );
    const box = one.getBoundingClientRect();
    const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {
      name: named(one),
      shown: (ring || one.matches("input, textarea, select")) && within,
      tag: one.outerHTML.slice(0, 120),
      where: [...document.querySelectorAll("*")].indexOf(one) + " " + named(one),
    };
  }

  return { findings, sideways, small, settled, focus };
})();
