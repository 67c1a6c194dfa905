// Small services to a reader that Chainlit's pages lack: the language of the page for those who have it read out, names
// for buttons that are only a picture, and the quote in sight when its passage is opened. Asks nothing of the server.
(() => {
  "use strict";

  const dutch = navigator.language.toLowerCase().startsWith("nl");
  document.documentElement.lang = dutch ? "nl" : "en";

  const names = {
    "#new-chat-button": ["Nieuw gesprek", "New conversation"],
    "#chat-submit": ["Vraag stellen", "Ask"],
    "#stop-button": ["Stoppen", "Stop"],
    "#side-view-title button": ["Passage sluiten", "Close the passage"],
    "#user-nav-button": ["Gebruiker", "User"],
    "#sidebar-trigger-button": ["Lijst van gesprekken", "List of conversations"],
    "#search-chats-button": ["Gesprekken doorzoeken", "Search conversations"],
    "button:has(> svg.lucide-copy)": ["Kopiëren", "Copy"],
    "#thread-options": ["Titel wijzigen of verwijderen", "Change the title or delete"],
  };
  let shown = null;

  const serve = () => {
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
    const quote = document.querySelector("#side-view-content .side-text .font-bold");
    if (quote !== shown) {
      shown = quote;
      quote?.scrollIntoView({ block: "center" });
    }
  };

  new MutationObserver(serve).observe(document.body, { childList: true, subtree: true });
})();
