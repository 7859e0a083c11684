// Search without a server. Words are found by their beginning, or in another form: the
// index tells the stem of every word and which endings may follow a stem.
"use strict";
(() => {
  const form = document.querySelector("form.search");
  const input = document.getElementById("q");
  const list = document.getElementById("found");
  const count = document.getElementById("count");
  if (!form || !input || !list || !count) return;
  const MOST = 30;
  let asked = false;
  let ending = null;
  form.hidden = false;

  const plain = (text) =>
    (text.toLowerCase().match(/\d+|\p{L}+(?:['’]\p{L}+)?/gu) || []).map((word) =>
      word.normalize("NFD").replace(/[\u0300-\u0305\u0307-\u036f]/g, "")
        .normalize("NFC").replace(/’/g, "'"));

  // how well a word of the index answers a word of the query: 0 is not at all
  const fits = (word, stem, query) => {
    if (word === query) return 8;
    if (word.startsWith(query)) return query.length > 2 ? 5 : 3;
    if (stem && query.startsWith(word.slice(0, stem)) &&
        ending.test(query.slice(stem))) return 6;
    return 0;
  };

  const matching = (data, query) => {
    const found = new Map();
    for (let cut = 0; cut < 3 && !found.size && query.length - cut > 3 - !cut * 3; cut++) {
      const part = query.slice(0, query.length - cut);
      data.words.forEach((word, i) => {
        const score = fits(word, data.stems[i], part);
        if (score) found.set(i, score - cut);
      });
    }
    return found;
  };

  const best = (numbers, found) =>
    numbers.reduce((top, n) => Math.max(top, found.get(n) || 0), 0);

  const search = (data, text) => {
    const queries = plain(text).map((word) => matching(data, word));
    if (!queries.length) return [];
    const rows = [];
    for (const row of data.rows) {
      let total = 0;
      for (const found of queries) {
        const score = Math.max(3 * best(row[3], found), best(row[4], found));
        if (!score) { total = 0; break; }
        total += score;
      }
      if (total) rows.push([total, row]);
    }
    return rows.sort((a, b) => b[0] - a[0] || a[1][0] - b[1][0]).map((r) => r[1]);
  };

  const show = () => {
    const data = window.salesdx;
    if (!data) return;
    ending = ending || new RegExp(`^(?:${data.ending})$`, "u");
    const rows = search(data, input.value);
    list.replaceChildren();
    for (const row of rows.slice(0, MOST)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const kind = document.createElement("small");
      link.href = form.dataset.up + row[1];
      link.textContent = row[2];
      kind.textContent = data.kinds[row[0]];
      item.append(link, " ", kind);
      list.append(item);
    }
    const more = rows.length > MOST ? `, ${form.dataset.more}${rows.length - MOST}` : "";
    count.textContent = !input.value.trim() ? "" : rows.length
      ? form.dataset.found + rows.length + more : form.dataset.none;
  };

  // the index is read once it is wanted: a page is there at once without it
  const fetchIndex = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = form.dataset.index;
    script.addEventListener("load", show);
    document.head.append(script);
  };
  input.addEventListener("focus", fetchIndex);
  input.addEventListener("input", () => { fetchIndex(); show(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; show(); }
  });
})();
