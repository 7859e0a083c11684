/* Enhancement only: pages work without it. */
(() => {
  const words = document.body.dataset;
  document.querySelector(".errors")?.focus();

  // "none of these" and the others clear each other
  addEventListener("change", ({ target: box }) => {
    if (box.type !== "checkbox" || !box.checked) return;
    for (const one of document.getElementsByName(box.name))
      if (one !== box && [box, one].some(b => "exclusive" in b.dataset)) one.checked = false;
  });

  addEventListener("click", e => {
    const text = e.target.closest("[data-confirm]")?.dataset.confirm;
    if (text && !confirm(text)) e.preventDefault();
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.onclick = async () => {
      const from = document.getElementById(button.dataset.copy);
      from.select();
      try { await navigator.clipboard.writeText(from.value); } catch { document.execCommand("copy"); }
      button.nextElementSibling.textContent = button.textContent = button.dataset.done;
    };
  }

  // what is typed stays here until a later page shows that it arrived
  const form = document.querySelector("form[data-draft]");
  const key = `salesdx:${form?.dataset.draft}`;
  const draft = k => JSON.parse(localStorage[k] ?? "{}");
  for (const k of Object.keys(localStorage).filter(k => /^salesdx:/.test(k))) {
    const { sent, at } = draft(k);
    if ("clear" in words || (sent && k !== key) || Date.now() - at > 12e8) delete localStorage[k];
  }
  if (!form) return;

  const fields = [...form.elements].filter(e => e.name && !/hid|pass|file|sub/.test(e.type));
  const state = e => /radio|checkbox/.test(e.type) ? "checked" : "value";
  const read = () => fields.map(e => e[state(e)]);
  const keep = sent => { localStorage[key] = JSON.stringify({ at: Date.now(), sent, values: read() }); };
  let note;
  const tell = text => {
    if (!note) {
      form.prepend(note = document.createElement("p"));
      Object.assign(note, { className: "notice warn", role: "status" });
    }
    note.textContent = text;
  };

  const { at, values } = draft(key);
  if (at > (Date.parse(form.dataset.at) || 0) && values.length === fields.length && `${values}` !== `${read()}`) {
    fields.forEach((e, i) => { e[state(e)] = values[i]; });
    tell(words.restored);
  }
  form.oninput = () => keep();
  form.onsubmit = () => { keep(true); if (!navigator.onLine) tell(words.offline); };
  addEventListener("offline", () => tell(words.offline));
  addEventListener("online", () => note && tell(words.online));
})();

/* An answer by the keyboard: the first choice has the focus, 1-9 choose while a choice
   has it, Enter sends the form. */
(() => {
  const form = document.querySelector("form[data-keys]");
  if (!form) return;
  const choices = () => [...form.querySelectorAll("input[name=value]:is([type=radio], [type=checkbox])")];
  const first = form.querySelector("input[name=value]:checked") ?? form.querySelector("[name=value]");
  if (first && !document.querySelector(".errors") && !location.hash && matchMedia("(hover: hover)").matches) first.focus({ preventScroll: true });
  const note = form.querySelector(".keys");
  if (note) note.hidden = !choices().length || !matchMedia("(hover: hover)").matches;
  form.addEventListener("keydown", e => {
    if (!/^[1-9]$/.test(e.key) || e.altKey || e.ctrlKey || e.metaKey || !choices().includes(e.target)) return;
    const found = choices()[e.key - 1];
    if (!found) return;
    e.preventDefault();
    found.focus();
    found.click();
  });
})();
