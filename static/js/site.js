// Everything on these pages works without this file. It adds: suggestions while one types, the contents list
// that follows the reader, buttons to print and to copy, and the focus on an error summary.
"use strict";

(() => {
  const DELAY = 120; // milliseconds after the last key
  const MEANT = "Did you mean one of these?";
  const LINE = 0.33; // of the window's height: the section there is the one being read

  function suggestionBox(input) {
    const list = document.createElement("ul");
    const status = document.createElement("div");
    const id = input.id + "-suggestions";
    let items = [];
    let options = [];
    let chosen = -1;
    let timer = 0;
    let asked = null;

    list.id = id;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0].textContent);
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", id);
    input.setAttribute("aria-expanded", "false");
    input.parentElement.append(list, status);

    function close() {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(place) {
      chosen = place;
      options.forEach((item, index) => {
        item.setAttribute("aria-selected", String(index === place));
      });
      if (place >= 0) {
        input.setAttribute("aria-activedescendant", options[place].id);
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    // In a form the name is filled in; in a search box its page is opened.
    function take(item) {
      if ("fill" in input.dataset) {
        input.value = item.name;
        close();
      } else {
        location.assign(item.url);
      }
    }

    function line(item, place) {
      const element = document.createElement("li");
      const name = document.createElement("span");
      const what = document.createElement("span");
      element.id = id + "-" + place;
      element.className = "suggestions__item";
      element.setAttribute("role", "option");
      element.setAttribute("aria-selected", "false");
      name.className = "suggestions__name";
      name.textContent = item.name;
      what.className = "suggestions__what";
      what.textContent = [item.generic ? "" : item.medicine, item.for].filter(Boolean).join(" · ");
      element.append(name, what);
      element.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(item);
      });
      return element;
    }

    // Once, above the first of the names that are only near. Whoever listens hears it with the count.
    function question() {
      const element = document.createElement("li");
      element.className = "suggestions__question";
      element.setAttribute("aria-hidden", "true");
      element.textContent = MEANT;
      return element;
    }

    function show(found) {
      const near = found.findIndex((item) => item.near);
      items = found;
      options = items.map(line);
      list.replaceChildren(...options);
      if (near >= 0) list.insertBefore(question(), options[near]);
      list.hidden = items.length === 0;
      input.setAttribute("aria-expanded", String(items.length > 0));
      choose(-1);
      const count = items.length === 1 ? "1 name" : items.length + " names";
      status.textContent = near === 0 ? MEANT + " " + count : count;
    }

    async function ask() {
      const query = input.value.trim();
      if (asked) asked.abort();
      if (query.length < 2) return close();
      asked = new AbortController();
      try {
        const answer = await fetch(input.dataset.suggest, {
          method: "POST", // what is typed stands in no address
          body: new URLSearchParams({ q: query.slice(0, 100) }),
          signal: asked.signal,
          credentials: "omit",
        });
        if (answer.ok) show((await answer.json()).suggestions);
      } catch (error) {
        if (error.name !== "AbortError") close(); // no network: the form still works
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && items.length) {
        event.preventDefault();
        if (list.hidden) return show(items);
        const step = event.key === "ArrowDown" ? 1 : -1;
        choose(((chosen + 1 + step + items.length + 1) % (items.length + 1)) - 1);
      } else if (event.key === "Enter" && chosen >= 0) {
        event.preventDefault();
        take(items[chosen]);
      }
    });
  }

  function followReader(nav) {
    const links = new Map(Array.from(nav.querySelectorAll("a"), (link) => [link.hash.slice(1), link]));
    const sections = Array.from(links.keys(), (id) => document.getElementById(id)).filter(Boolean);
    const mark = () => {
      const line = window.innerHeight * LINE + 1;
      let current = sections[0];
      for (const section of sections) {
        if (section.getBoundingClientRect().top <= line) current = section;
      }
      for (const [id, link] of links) {
        if (id === current.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    // Told whenever a section comes to the line or leaves it, however slowly one scrolls.
    const observer = new IntersectionObserver(mark, { rootMargin: `-${LINE * 100}% 0px -${100 - LINE * 100}% 0px` });
    sections.forEach((section) => observer.observe(section));
    mark();
  }

  document.querySelectorAll("input[data-suggest]").forEach(suggestionBox);
  document.querySelectorAll(".contents--beside").forEach(followReader);
  document.querySelectorAll("[data-focus]").forEach((summary) => summary.focus());
  document.querySelectorAll(".js-print").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  // Where the browser lets us; elsewhere the address is there to be marked.
  document.querySelectorAll(".js-copy").forEach((button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const said = document.getElementById(`${button.dataset.copy}-copied`);
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      said.textContent = said.dataset.said;
    });
  });
  // On a phone the contents list closes when one of its lines was chosen.
  document.querySelectorAll(".contents--closed a").forEach((link) => {
    link.addEventListener("click", () => link.closest("details").removeAttribute("open"));
  });
})();
