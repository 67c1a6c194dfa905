// Tells how far the set that is being asked has come, and shows the page anew once it is done.
(() => {
  "use strict";
  const told = document.getElementById("progress");
  const bar = document.getElementById("bar");
  const look = async () => {
    const answer = await fetch("/evaluations/progress");
    if (!answer.ok) return;
    const { stage, done, cases } = await answer.json();
    if (!stage) {
      location.reload();
      return;
    }
    if (cases) {
      told.textContent = told.dataset.said.replace("{done}", done).replace("{cases}", cases);
      bar.max = cases;
      bar.value = done;
    }
    setTimeout(look, 1000);
  };
  look();
})();
