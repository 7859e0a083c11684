/* Enhancement only: every page works without it. */
(() => {
  const words = document.body.dataset;
  document.querySelector(".errors")?.focus();

  // an option that clears all others, and is cleared by them
  addEventListener("change", ({ target: box }) => {
    if (box.type !== "checkbox" || !box.checked) return;
    for (const other of document.getElementsByName(box.name))
      if (other !== box && [box, other].some(b => "exclusive" in b.dataset)) other.checked = false;
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

  // what is typed stays on the device until a later page shows that it arrived
  const form = document.querySelector("form[data-draft]");
  const prefix = "salesdx:", key = prefix + form?.dataset.draft;
  const draft = k => JSON.parse(localStorage[k] ?? "{}");
  for (const k of Object.keys(localStorage).filter(k => k.startsWith(prefix))) {
    const { sent, at } = draft(k);
    if ("clear" in words || (sent && k !== key) || Date.now() - at > 12e8) delete localStorage[k];
  }
  if (!form) return;

  const fields = [...form.elements].filter(e => e.name && !/hidden|password|file|submit/.test(e.type));
  const state = e => /radio|checkbox/.test(e.type) ? "checked" : "value";
  const read = () => fields.map(e => e[state(e)]);
  const keep = sent => { localStorage[key] = JSON.stringify({ at: Date.now(), sent, values: read() }); };
  let note;
  const tell = text => {
    if (!note) {
      form.prepend(note = document.createElement("p"));
      note.className = "notice warn";
      note.role = "status";
    }
    note.textContent = text;
  };

  const { at, values } = draft(key);
  if (at > (Date.parse(form.dataset.at) || 0) && values.length === fields.length && `${values}` !== `${read()}`) {
    fields.forEach((e, i) => { e[state(e)] = values[i]; });
    tell(words.restored);
  }
  form.oninput = () => keep(false);
  form.onsubmit = () => { keep(true); if (!navigator.onLine) tell(words.offline); };
  addEventListener("offline", () => tell(words.offline));
  addEventListener("online", () => note && tell(words.online));
})();
