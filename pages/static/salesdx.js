/* Enhancement only: every page works without it. */
(() => {
  const all = (q, f) => document.querySelectorAll(q).forEach(f);
  const words = document.body.dataset;
  const store = { get: k => { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } },
    set: (k, v) => { try { localStorage.setItem(k, JSON.stringify(v)); } catch { /* full or forbidden */ } } };

  document.querySelector(".errors")?.focus();

  /* an option that clears all others, and is cleared by them */
  document.addEventListener("change", e => {
    const box = e.target;
    if (box.type !== "checkbox" || !box.checked || !box.form) return;
    for (const other of box.form.querySelectorAll("input[type=checkbox]")) {
      if (other !== box && other.name === box.name && (box.dataset.exclusive ?? other.dataset.exclusive) !== undefined) other.checked = false;
    }
  });

  document.addEventListener("click", e => {
    const button = e.target.closest("[data-confirm]");
    if (button && !confirm(button.dataset.confirm)) e.preventDefault();
  });

  all("[data-copy]", button => {
    button.hidden = false;
    button.onclick = async () => {
      const from = document.getElementById(button.dataset.copy);
      from.select();
      try { await navigator.clipboard.writeText(from.value); } catch { document.execCommand("copy"); }
      button.setAttribute("role", "status");
      button.textContent = button.dataset.done;
    };
  });

  /* What is typed stays on the device until a later page shows that it arrived. */
  const prefix = "salesdx:";
  const form = document.querySelector("form[data-draft]");
  const key = form && prefix + form.dataset.draft;
  for (const k of Object.keys(localStorage)) {
    if (k.startsWith(prefix) && ("clear" in words || (k !== key && store.get(k)?.sent))) localStorage.removeItem(k);
  }
  if (!form) return;

  const fields = () => [...form.elements].filter(e => e.name && !/hidden|password|file|submit/.test(e.type));
  const read = () => fields().map(e => /radio|checkbox/.test(e.type) ? e.checked : e.value);
  const tell = text => {
    let note = form.querySelector(".notice.unsent");
    if (!note) {
      note = document.createElement("p");
      note.className = "notice warn unsent";
      note.setAttribute("role", "status");
      form.prepend(note);
    }
    note.textContent = text;
  };
  const keep = sent => store.set(key, { at: Date.now(), sent, values: read() });

  const old = store.get(key);
  if (old && old.at > (Date.parse(form.dataset.at) || 0) && old.values.length === read().length && String(old.values) !== String(read())) {
    fields().forEach((e, i) => { if (/radio|checkbox/.test(e.type)) e.checked = old.values[i]; else e.value = old.values[i]; });
    tell(words.restored);
  }
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => { keep(true); if (!navigator.onLine) tell(words.offline); });
  addEventListener("offline", () => tell(words.offline));
  addEventListener("online", () => { if (form.querySelector(".unsent")) tell(words.online); });
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
