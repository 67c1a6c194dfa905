// Send files with their progress, by choice or by drop, and follow what becomes of them. The pages work without it.
"use strict";

const form = document.getElementById("upload");
if (form) {
  const told = form.querySelector(".sent"), bar = form.querySelector("progress"), drop = form.querySelector(".drop");
  const button = form.querySelector("button");
  let dropped = [];
  form.querySelector(".dropword").hidden = false;

  const chosen = () => [
    ...[...form.querySelectorAll("input[type=file]")].flatMap((input) =>
      [...input.files].map((file) => [file.webkitRelativePath || file.name, file])),
    ...dropped,
  ];
  const count = () => { told.textContent = form.dataset.chosen.replace("%", chosen().length); };

  const entries = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
  const walk = async (entry, path, found) => {
    if (entry.isFile) {
      found.push([path + entry.name, await new Promise((resolve, reject) => entry.file(resolve, reject))]);
    } else {
      const reader = entry.createReader();
      for (let some = await entries(reader); some.length; some = await entries(reader)) {
        for (const one of some) await walk(one, `${path}${entry.name}/`, found);
      }
    }
  };

  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const found = [];
    const roots = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    for (const root of roots) await walk(root, "", found);
    dropped = [...dropped, ...found];
    count();
  });
  form.addEventListener("change", count);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = chosen(), data = new FormData();
    if (files.reduce((sum, [, file]) => sum + file.size, 0) > Number(form.dataset.most)) {
      told.textContent = form.dataset.large;
      return;
    }
    for (const box of form.querySelectorAll("input[type=checkbox]:checked")) data.append(box.name, box.value);
    for (const [name, file] of files) data.append("files", file, name);
    const request = new XMLHttpRequest();
    const stop = (sentence) => { told.textContent = sentence; bar.hidden = true; button.disabled = false; };
    request.upload.onprogress = (sent) => {
      bar.value = sent.total ? (100 * sent.loaded) / sent.total : 0;
      told.textContent = form.dataset.sending.replace("%", Math.floor(bar.value));
    };
    request.onerror = request.onabort = () => stop(form.dataset.broken);
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* told below */ }
      if (answer.address) location.assign(answer.address);
      else stop(answer.problem || form.dataset.broken);
    };
    request.open("POST", form.action);
    request.setRequestHeader("accept", "application/json");
    bar.hidden = false;
    button.disabled = true;
    request.send(data);
  });
}

const progress = document.getElementById("progress");
if (progress) {
  let stage = null;
  const look = async () => {
    try {
      const answer = await (await fetch(progress.dataset.address)).json();
      progress.querySelector(".tally").textContent = progress.dataset.word.replace("%d", answer.done).replace("%f", answer.files);
      if (!["waiting", "reading"].includes(answer.stage) || (stage && stage !== answer.stage)) return location.reload();
      stage = answer.stage;
    } catch { /* tried again */ }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
}
