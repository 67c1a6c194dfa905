// Turn and zoom by key while the page of a document has the focus; without this script its links do the same.

const sheet = document.querySelector(".sheet");
const follow = (link) => link && location.assign(link.href);
const zoom = (step) => {
  const links = [...document.querySelectorAll("[data-zoom]")];
  follow(links[links.findIndex((link) => link.hasAttribute("aria-current")) + step]);
};
const keys = {
  PageDown: () => follow(document.querySelector(".turning a[rel=next]")),
  PageUp: () => follow(document.querySelector(".turning a[rel=prev]")),
  "+": () => zoom(1),
  "=": () => zoom(1),
  "-": () => zoom(-1),
};

sheet?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});

// The quote is looked for by its name in the address; a drawn page has room for it before its picture is there.
document.getElementById("quote")?.scrollIntoView({ block: "center" });
