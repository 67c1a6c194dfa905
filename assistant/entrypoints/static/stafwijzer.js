// Small services to a reader that Chainlit's pages lack: the language of the page for those who have it read out, names
// for buttons that are only a picture, the quote in sight when its passage is opened, the marking of the conversation
// above everything, and a way back with Escape to where a passage was opened. Asks nothing of the server.
(() => {
  "use strict";

  const dutch = navigator.language.toLowerCase().startsWith("nl");
  document.documentElement.lang = dutch ? "nl" : "en";

  const names = {
    "#new-chat-button": ["Nieuw gesprek", "New conversation"],
    "#chat-submit": ["Vraag stellen", "Ask"],
    "#stop-button": ["Stoppen", "Stop"],
    "#side-view-title button": ["Passage sluiten", "Close the passage"],
    "#chat-settings-open-modal": ["Corpora en datum kiezen", "Choose corpora and date"],
    "button:has(> svg.lucide-copy)": ["Tekst kopiëren", "Copy the text"],
    "[data-resize-handle]": ["Breedte van de passage", "Width of the passage"],
    "#side-view-content": ["Passage", "Passage"],
    "#user-nav-button": ["Gebruiker", "User"],
    "#sidebar-trigger-button": ["Lijst van gesprekken", "List of conversations"],
    "#search-chats-button": ["Gesprekken doorzoeken", "Search conversations"],
    "#thread-options": ["Titel wijzigen of verwijderen", "Change the title or delete"],
  };
  let shown = null;
  let opener = null;
  let entering = false;

  // Only the program writes headings of the sixth level: what documents and people write is escaped.
  const banner = document.createElement("p");
  banner.id = "marking-banner";
  banner.setAttribute("role", "status");
  banner.setAttribute("aria-label", dutch ? "Rubricering van dit gesprek" : "Marking of this conversation");
  const showMarking = () => {
    const told = [...document.querySelectorAll(".message-content h6")].pop()?.textContent;
    // Without messages it is another conversation; a folded list of sources takes nothing back.
    const empty = !document.querySelector("[data-step-type]");
    if (told ? banner.textContent === told : !empty || !banner.textContent) return;
    banner.textContent = told ?? "";
    document.documentElement.toggleAttribute("data-marked", Boolean(told));
    if (told) document.body.append(banner);
    else banner.remove();
    measure();
  };
  const measure = () =>
    document.documentElement.style.setProperty("--banner", `${banner.isConnected ? banner.offsetHeight : 0}px`);
  addEventListener("resize", measure);

  addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a.element-link");
      if (!link || link.closest("#side-view-content")) return;
      opener = link;
      // Who pressed a key goes on in the panel; who pointed at it does so anyway.
      entering = event.detail === 0;
    },
    true,
  );
  // Before others hear of it: a tip that closes by the same key would keep it to itself.
  addEventListener(
    "keydown",
    (event) => {
      const close = document.querySelector("#side-view-title button");
      if (event.key !== "Escape" || !close || document.querySelector("[role=dialog]")) return;
      close.click();
      opener?.focus();
    },
    true,
  );

  // Where else this reader may go. Asked once there is a header: before that nobody is signed in.
  let places = null;
  const showPlaces = async () => {
    const header = document.getElementById("header");
    if (!header || header.querySelector("#places")) return;
    const nav = document.createElement("nav");
    nav.id = "places";
    nav.setAttribute("aria-label", dutch ? "Onderdelen" : "Places");
    header.insertBefore(nav, header.children[1] ?? null);
    if (!places) {
      const answer = await fetch("/places");
      places = answer.ok ? await answer.json() : [];
    }
    for (const [path, title] of places.filter(([path]) => path !== "/")) {
      const link = document.createElement("a");
      link.href = path;
      link.textContent = title;
      nav.append(link);
    }
  };

  const serve = () => {
    showPlaces();
    for (const [selector, [inDutch, inEnglish]] of Object.entries(names)) {
      for (const button of document.querySelectorAll(`${selector}:not([aria-label])`)) {
        button.setAttribute("aria-label", dutch ? inDutch : inEnglish);
      }
    }
    for (const menu of document.querySelectorAll("#thread-options:not([tabindex])")) {
      menu.setAttribute("role", "button");
      menu.tabIndex = 0;
    }
    // A list whose only item is a block is none.
    for (const list of document.querySelectorAll("ul[data-sidebar='menu']:has(> div):not([role])")) {
      list.setAttribute("role", "none");
    }
    for (const mark of document.querySelectorAll(".message-content .font-bold:not([data-mark])")) {
      mark.dataset.mark = mark.textContent[0];
    }
    for (const label of document.querySelectorAll("[data-step-type=tool] li a.element-link:not([aria-label])")) {
      label.setAttribute("aria-label", label.parentElement.textContent);
    }
    // Each paragraph would be read out as an article of its own.
    for (const one of document.querySelectorAll(":is(.message-content, .side-text) [role=article]")) {
      one.removeAttribute("role");
    }
    for (const handle of document.querySelectorAll("[data-resize-handle][aria-controls]")) {
      // It names a panel by a number that no element has.
      handle.removeAttribute("aria-controls");
    }
    document.querySelector("#side-view-content:not([role])")?.setAttribute("role", "region");
    showMarking();
    const close = document.querySelector("#side-view-title button");
    if (entering && close) {
      entering = false;
      close.focus();
    }
    const quote = document.querySelector("#side-view-content .side-text .font-bold");
    if (quote !== shown) {
      shown = quote;
      quote?.scrollIntoView({ block: "center" });
      // Only the panel moves: the marking above the page must not cover its head.
      scrollTo(0, 0);
    }
  };

  new MutationObserver(serve).observe(document.body, { childList: true, subtree: true });
})();
