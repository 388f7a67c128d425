(function () {
  "use strict";
  var days = Array.prototype.slice.call(document.querySelectorAll(".day"));
  var range = document.getElementById("day"), shown = document.getElementById("shown");
  var said = document.getElementById("said"), play = document.getElementById("play");
  var previous = document.getElementById("previous"), next = document.getElementById("next");
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  var at = -1, timer = null;

  function show(index, quiet) {
    index = Math.max(0, Math.min(days.length - 1, index));
    if (index === at) { return; }
    if (at >= 0) { days[at].classList.remove("now"); }
    at = index;
    var day = days[at];
    day.classList.add("now");
    range.value = String(at);
    range.setAttribute("aria-valuetext", day.dataset.day);
    shown.textContent = day.dataset.day;
    said.textContent = day.dataset.said;
    previous.disabled = at === 0;
    next.disabled = at === days.length - 1;
    if (!quiet) { history.replaceState(null, "", "#" + day.id); }
  }

  function stop() {
    if (timer !== null) { clearInterval(timer); }
    timer = null;
    said.setAttribute("aria-live", "polite");
    play.textContent = play.dataset.play;
  }

  function start() {
    if (calm.matches) { return; }
    said.setAttribute("aria-live", "off");
    play.textContent = play.dataset.pause;
    if (at === days.length - 1) { show(0); }
    timer = setInterval(function () {
      if (at === days.length - 1) { stop(); } else { show(at + 1); }
    }, 1000 * Number(range.dataset.seconds));
  }

  function toggle() { if (timer === null) { start(); } else { stop(); } }

  function move(index) { stop(); show(index); }

  function linked() {
    var id = decodeURIComponent(location.hash.slice(1));
    return days.findIndex(function (day) { return day.id === id; });
  }

  function rest() {
    play.hidden = calm.matches;
    if (calm.matches) { stop(); }
  }

  range.addEventListener("input", function () { move(Number(range.value)); });
  range.addEventListener("keydown", function (event) {
    if (event.key === " ") { event.preventDefault(); toggle(); }
  });
  previous.addEventListener("click", function () { move(at - 1); });
  next.addEventListener("click", function () { move(at + 1); });
  play.addEventListener("click", toggle);
  document.addEventListener("keydown", function (event) {
    if (event.target !== document.body || event.altKey || event.ctrlKey || event.metaKey) { return; }
    var ahead = document.documentElement.dir === "rtl" ? -1 : 1;
    if (event.key === "ArrowRight") { move(at + ahead); }
    else if (event.key === "ArrowLeft") { move(at - ahead); }
    else if (event.key === "Home") { move(0); }
    else if (event.key === "End") { move(days.length - 1); }
    else if (event.key === " ") { toggle(); }
    else { return; }
    event.preventDefault();
  });
  window.addEventListener("hashchange", function () {
    var index = linked();
    if (index >= 0) { move(index); window.scrollTo(0, 0); }
  });
  calm.addEventListener("change", rest);

  document.documentElement.classList.add("js");
  document.getElementById("controls").hidden = false;
  rest();
  var first = linked();
  show(first >= 0 ? first : days.length - 1, true);
  if (first >= 0) { window.scrollTo(0, 0); }
})();
