// Communiqué in other sites: load this one file to have the element
//
//   <communique-search source="xinhua" query="..." limit="5" lang="fr"></communique-search>
//
// and to have frames of Communiqué fit their height to what they show. It needs nothing else, adds
// nothing to the page but that element, and writes no HTML: whatever is said is put in as text.

(() => {
  "use strict";

  const HOME = new URL("..", document.currentScript.src);

  const WORDS = {
    en: {
      label: "Search statements: words or an “exact phrase”",
      search: "Search",
      found: { one: "# statement", other: "# statements" },
      nothing: "0 matches. Looser searches may find something.",
      all: "All of it, with timeline and filters",
      undated: "Undated",
      waiting: "Searching",
      refused: "This page cannot read the search at @. Either it is out of reach, or it does not list % among its cors_origins. It can be searched over there.",
      broken: "The search at @ answers with an error (%). It can be tried over there.",
      there: "Search there",
      address: "The address in endpoint= is none: write one that begins with https://.",
    },
    fr: {
      label: "Chercher des déclarations : mots ou « expression exacte »",
      search: "Chercher",
      found: { one: "# déclaration", other: "# déclarations" },
      nothing: "0 résultat. Une recherche plus large en trouvera peut-être.",
      all: "Tout voir, avec chronologie et filtres",
      undated: "Sans date",
      waiting: "Recherche en cours",
      refused: "Cette page ne peut pas lire la recherche de @ : soit elle est hors d’atteinte, soit % manque à ses cors_origins. On peut chercher là-bas.",
      broken: "La recherche de @ répond par une erreur (%). On peut réessayer là-bas.",
      there: "Chercher là-bas",
      address: "L’adresse de endpoint= n’en est pas une : elle doit commencer par https://.",
    },
    zh: {
      label: "搜索声明：词语或“完整短语”",
      search: "搜索",
      found: { other: "# 篇" },
      nothing: "0 个结果。放宽条件或许能找到。",
      all: "查看全部，含时间轴与筛选",
      undated: "日期不详",
      waiting: "正在搜索",
      refused: "本页无法读取 @ 的搜索：可能无法连接，或其 cors_origins 中没有 %。可以到那里搜索。",
      broken: "@ 的搜索返回错误（%）。可以到那里再试。",
      there: "到那里搜索",
      address: "endpoint= 的地址无效：请以 https:// 开头。",
    },
    ja: {
      label: "声明を検索：語または「正確な語句」",
      search: "検索",
      found: { other: "# 件" },
      nothing: "0 件です。条件をゆるめると見つかるかもしれません。",
      all: "すべて見る（年表と絞り込み）",
      undated: "日付なし",
      waiting: "検索しています",
      refused: "このページからは @ の検索を読めません。接続できないか、cors_origins に % がありません。検索先のページでは検索できます。",
      broken: "@ の検索がエラー（%）を返しました。検索先のページでもう一度お試しください。",
      there: "検索先で探す",
      address: "endpoint= のアドレスが正しくありません。https:// で始めてください。",
    },
  };

  // Type and colours are those of the page around; a page may set --communique-accent.
  const STYLE = new CSSStyleSheet();
  STYLE.replaceSync(`
    :host { display: block; --accent: var(--communique-accent, light-dark(#1c4587, #9dbcf0)); }
    :host([hidden]) { display: none; }
    form { display: flex; flex-wrap: wrap; gap: 8px; align-items: end; margin: 0; }
    label { flex: 1 1 16rem; font-size: 0.833em; }
    input, button { font: inherit; box-sizing: border-box; min-height: 44px; border-radius: 3px; }
    input { display: block; width: 100%; margin-top: 4px; padding: 0 12px; font-size: 1.2em; color: FieldText; background: Field; border: 1px solid; }
    button { padding: 0 24px; font-weight: 600; color: light-dark(#fcfbf8, #16181c); background: var(--accent); border: 0; cursor: pointer; }
    button:hover, a:hover { text-decoration: underline; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    p { margin: 8px 0 0; }
    ol { list-style: none; margin: 0; padding: 0; }
    li { padding: 12px 0; border-bottom: 1px solid color-mix(in srgb, currentcolor 25%, transparent); overflow-wrap: break-word; }
    a { color: var(--accent); }
    .title { font-weight: 600; text-decoration: none; }
    .about { margin: 0; font-size: 0.833em; }
    mark { color: light-dark(#1b1a17, #e9e6df); background: light-dark(#fdeaa8, #4d3f12); border-bottom: 2px solid light-dark(#b8860b, #e0b340); }
  `);

  /** An element of HTML with attributes and with children, of which texts stay texts. */
  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  class CommuniqueSearch extends HTMLElement {
    static observedAttributes = ["endpoint", "source", "query", "limit", "lang"];

    #box = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    #said = make("p", { role: "status" });
    #list = make("ol");
    #more = make("p");
    #running = null;

    constructor() {
      super();
      this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [STYLE];
    }

    connectedCallback() {
      this.#start();
    }

    disconnectedCallback() {
      this.#running?.abort();
    }

    attributeChangedCallback(name, before, after) {
      if (this.shadowRoot.hasChildNodes() && before !== after) this.#start();
    }

    /** The box as the attributes have it, and their search, if they name one. */
    #start() {
      const named = (this.closest("[lang]")?.lang ?? "").split("-")[0].toLowerCase();
      this.language = Object.hasOwn(WORDS, named) ? named : "en";
      this.words = WORDS[this.language];
      const form = make(
        "form",
        { role: "search" },
        make("label", {}, this.words.label, this.#box),
        make("button", { type: "submit" }, this.words.search),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#search();
      });
      const whole = make("div", { lang: this.language }, form, this.#said, this.#list, this.#more);
      this.shadowRoot.replaceChildren(whole);
      this.#box.value = this.getAttribute("query") ?? "";
      this.#show();
      if (this.#box.value.trim()) this.#search();
    }

    /** Where Communiqué is; null where endpoint= is no address on the web. */
    get #home() {
      const given = this.getAttribute("endpoint");
      if (!given) return HOME;
      const url = URL.canParse(given, document.baseURI) && new URL(given, document.baseURI);
      if (!url || !/^https?:$/.test(url.protocol)) return null;
      if (!url.pathname.endsWith("/")) url.pathname += "/";
      return url;
    }

    /** An address over there with the words and the sources that are searched. */
    #address(path, hash = "") {
      const url = new URL(path, this.#home);
      url.searchParams.set("q", this.#box.value);
      for (const source of (this.getAttribute("source") ?? "").split(",")) {
        if (source.trim()) url.searchParams.append("source", source.trim());
      }
      url.hash = hash;
      return url;
    }

    async #search() {
      this.#running?.abort();
      const running = (this.#running = new AbortController());
      if (!this.#home) return this.#show(this.words.address);
      const url = this.#address("api/v1/search");
      const limit = parseInt(this.getAttribute("limit"), 10) || 5;
      url.searchParams.set("limit", Math.min(Math.max(limit, 1), 20));
      this.#show(this.words.waiting);
      try {
        const response = await fetch(url, { signal: running.signal, credentials: "omit" });
        const isJSON = /json/.test(response.headers.get("Content-Type"));
        const answer = isJSON ? await response.json() : {};
        if (running.signal.aborted) return;
        if (response.ok && answer.hits) return this.#found(answer);
        // A query that cannot be read is explained by the server, in English.
        const detail = response.status === 400 && typeof answer.detail === "string" && answer.detail;
        this.#show(detail || this.#fill(this.words.broken, response.status), [], !detail, detail ? "en" : "");
      } catch {
        if (running.signal.aborted) return;
        this.#show(this.#fill(this.words.refused, location.origin), [], true);
      }
    }

    #fill(sentence, what) {
      return sentence.replace("@", () => this.#home.host).replace("%", () => what);
    }

    #found(answer) {
      const forms = this.words.found;
      const form = forms[new Intl.PluralRules(this.language).select(answer.total)] ?? forms.other;
      const count = new Intl.NumberFormat(this.language).format(answer.total);
      const hits = answer.hits.map((hit) => this.#hit(hit));
      this.#show(answer.total ? form.replace("#", count) : this.words.nothing, hits, true);
    }

    #hit(hit) {
      const path = hit.id.split("/").map(encodeURIComponent).join("/");
      const marked = hit.snippets.some((snippet) => snippet.marks.length);
      const link = this.#link(this.#address(`statements/${path}`, marked ? "m1" : ""), hit.title || hit.id);
      link.className = "title";
      link.lang = hit.language;
      link.dir = "auto";
      const about = [this.#date(hit), hit.source, hit.kind].filter(Boolean).join(" · ");
      const line = make("li", {}, link, make("p", { class: "about" }, about));
      if (hit.snippets.length) line.append(this.#snippet(hit.snippets[0], hit.language));
      return line;
    }

    /** Marks count characters as Unicode does, and JavaScript's texts count UTF-16. */
    #snippet({ text, marks }, language) {
      const characters = [...text];
      const between = (start, end) => characters.slice(start, end).join("");
      const whole = make("p", { lang: language, dir: "auto" });
      let done = 0;
      for (const [start, end] of marks) {
        const from = Math.max(start, done);
        if (from >= end) continue;
        whole.append(between(done, from), make("mark", {}, between(from, end)));
        done = end;
      }
      whole.append(between(done));
      return whole;
    }

    /** The date as far as it is known. */
    #date({ date, date_precision: known }) {
      if (!date) return this.words.undated;
      const parts = { year: "numeric", timeZone: "UTC" };
      if (known !== "year") parts.month = "long";
      if (known === "day") parts.day = "numeric";
      return new Intl.DateTimeFormat(this.language, parts).format(new Date(date));
    }

    #link(url, text) {
      return make("a", { href: url.href, target: "_blank", rel: "noopener" }, text);
    }

    /** Say something, with hits, and a way to the whole of it. */
    #show(said = "", hits = [], more = false, language = "") {
      this.#said.lang = language || this.language;
      this.#said.textContent = said;
      this.#list.replaceChildren(...hits);
      const words = hits.length ? this.words.all : this.words.there;
      this.#more.replaceChildren(...(more ? [this.#link(this.#address("search"), words)] : []));
    }
  }

  if (!customElements.get("communique-search")) {
    customElements.define("communique-search", CommuniqueSearch);
  }

  // Frames tell how high they are; only those of the house that this file comes from are heard.
  addEventListener("message", ({ data, origin, source }) => {
    if (origin !== HOME.origin || data?.communique !== "height" || !(data.height > 0)) return;
    const frames = [...document.querySelectorAll("iframe")];
    const frame = frames.find((each) => each.contentWindow === source);
    if (frame) frame.height = Math.ceil(data.height) + frame.offsetHeight - frame.clientHeight;
  });
})();
