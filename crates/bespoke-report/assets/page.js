// The page of bespoke's HTML report: order and search for its tables, charts, and a page for each file and subject.
// Text of the repository goes into the page as text only (`textContent`), never as HTML; charts draw it on a canvas.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { texts } = data;
  const $ = (id) => document.getElementById(id);

  /** An element with properties and children; a child that is a string is text. */
  function el(name, properties, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(properties ?? {})) {
      if (key in node) node[key] = value;
      else node.setAttribute(key, value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  }

  const number = (value) => value.toLocaleString("en-US");
  const counted = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;
  const short = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
  const part = (text) => encodeURIComponent(text);

  // Indexes.

  const fileOf = new Map(data.files.map(([path], file) => [path, file]));
  const fileByName = new Map(data.files.map(([path], file) => [texts[path], file]));
  const subjectByName = new Map(data.subjects.map((it, id) => [`${texts[it.dimension]}/${texts[it.name]}`, id]));
  const pointsOfPath = new Map();
  const pointsOfSubject = new Map();
  data.points.forEach((point, id) => {
    const push = (map, key) => (map.has(key) ? map.get(key).push(id) : map.set(key, [id]));
    push(pointsOfPath, texts[point.p]);
    for (const subject of point.s) push(pointsOfSubject, subject);
  });

  const nameOf = (subject) => texts[data.subjects[subject].name];
  const fileAddress = (path, line) => `#file/${part(path)}${line ? `/${line}` : ""}`;
  const subjectAddress = (id) => `#subject/${part(texts[data.subjects[id].dimension])}/${part(nameOf(id))}`;
  const fileLink = (path, line) => el("a", { href: fileAddress(path, line) }, line ? `${path}:${line}` : path);
  const subjectLinks = (ids) =>
    ids.flatMap((id, nth) => [nth ? ", " : null, el("a", { href: subjectAddress(id) }, nameOf(id))]);
  const kindOf = (point) => texts[point.k].replaceAll("_", " ");

  // Tables: the order is a column's, and the rows are those that hold what is searched.

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const figures = head.classList.contains("n");
      const button = el("button", { type: "button" }, head.textContent);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const down = before ? before === "ascending" : figures;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = [...table.tBodies[0].rows].map((row) => {
          const cell = row.cells[column];
          return [cell.dataset.v === undefined ? null : Number(cell.dataset.v), cell.textContent, row];
        });
        // What has no figure stands last, whichever end is first.
        keyed.sort(([a, left], [b, right]) => {
          if (figures && (a === null || b === null)) return (a === null) - (b === null);
          const order = figures ? a - b : left.localeCompare(right, "en");
          return down ? -order : order;
        });
        table.tBodies[0].append(...keyed.map(([, , row]) => row));
      });
      head.replaceChildren(button);
    });
  }

  function searchable(table) {
    const rows = [...table.tBodies[0].rows].map((row) => [row.textContent.toLowerCase(), row]);
    if (rows.length < 8) return;
    const told = el("span", { className: "note", role: "status" });
    const input = el("input", { type: "search", placeholder: "Search", "aria-label": "Search in the table below" });
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const [text, row] of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      }
      told.textContent = words.length ? `${number(shown)} of ${number(rows.length)}` : "";
    });
    table.parentElement.before(el("div", { className: "tools" }, input, told));
  }

  for (const table of document.querySelectorAll("#main table")) {
    sortable(table);
    if ("search" in table.dataset) searchable(table);
  }

  // The list of all points: a filter over numbers, of which so many are shown as somebody asks for.

  function browser() {
    const place = $("browser");
    if (!place) return;
    const haystack = data.points.map((point) =>
      [texts[point.p], kindOf(point), ...point.s.map(nameOf), texts[point.t]].join(" ").toLowerCase(),
    );
    const kinds = new Map();
    for (const point of data.points) kinds.set(point.k, (kinds.get(point.k) ?? 0) + 1);
    const search = el("input", { type: "search", placeholder: "Path, customer, flag, condition", "aria-label": "Search branches and checks" });
    const kind = el("select", { "aria-label": "Kind" }, el("option", { value: "" }, "every kind"));
    for (const [id, count] of [...kinds].sort((a, b) => b[1] - a[1])) {
      kind.append(el("option", { value: id }, `${texts[id].replaceAll("_", " ")} (${number(count)})`));
    }
    const told = el("span", { className: "note", role: "status" });
    const body = el("tbody");
    const more = el("button", { type: "button" }, "Show more");
    const step = 100;
    let chosen = [];
    let shown = 0;
    function show() {
      const rows = chosen.slice(shown, shown + step).map((id) => {
        const point = data.points[id];
        return el(
          "tr",
          null,
          el("td", null, fileLink(texts[point.p], point.l)),
          el("td", null, kindOf(point)),
          el("td", null, subjectLinks(point.s)),
          el("td", null, el("code", null, short(texts[point.t], 140))),
        );
      });
      shown += rows.length;
      body.append(...rows);
      more.hidden = shown >= chosen.length;
    }
    function choose() {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      chosen = [];
      haystack.forEach((text, id) => {
        if (kind.value !== "" && data.points[id].k !== Number(kind.value)) return;
        if (words.every((word) => text.includes(word))) chosen.push(id);
      });
      told.textContent = `${number(chosen.length)} of ${number(data.points.length)}`;
      body.replaceChildren();
      shown = 0;
      show();
    }
    search.addEventListener("input", choose);
    kind.addEventListener("change", choose);
    more.addEventListener("click", show);
    const heads = ["Where", "Kind", "Of whom", "Condition"].map((title) => el("th", { scope: "col" }, title));
    place.replaceChildren(
      el("div", { className: "tools" }, search, kind, told),
      el("div", { className: "wide", tabIndex: 0, role: "region", "aria-label": "List of branches and checks" },
        el("table", null, el("thead", null, el("tr", null, heads)), body)),
      el("div", { className: "tools" }, more),
    );
    choose();
  }
  browser();

  // A page for each file and subject.

  const facts = (pairs) =>
    el("dl", { className: "facts" }, pairs.flatMap(([name, value]) => [el("dt", null, name), el("dd", null, prose(value))]));

  /** Words with names between backticks. */
  const prose = (text) => text.split("`").map((piece, nth) => (nth % 2 ? el("code", null, piece) : piece));

  function codeOf(point) {
    const pieces = data.code[fileOf.get(point.p)];
    if (!pieces) return null;
    const [from, to] = point.v;
    const lines = [];
    for (const [first, piece] of pieces) {
      piece.forEach((text, nth) => {
        const line = first + nth;
        if (line < from || line > to) return;
        const classes = [];
        if (line >= point.l && line <= Math.min(point.e, point.l + 8)) classes.push("condition");
        if (point.g.some(([a, b]) => line >= a && line <= b)) classes.push("guarded");
        lines.push(el("div", { className: classes.join(" ") }, el("i", null, String(line)), texts[text]));
      });
    }
    if (!lines.length) return null;
    return el("div", { className: "code", tabIndex: 0, role: "group", "aria-label": `Code at line ${point.l}` },
      el("code", null, lines));
  }

  function evidence(steps) {
    return el("ol", null, steps.map(([rule, text, path, line]) =>
      el("li", null, texts[text], " ", el("code", null, texts[rule]),
        path === null ? null : [" at ", fileLink(texts[path], line)])));
  }

  function pointArticle(point) {
    const function_ = point.f === undefined ? null : [" in ", el("code", null, texts[point.f])];
    const brought = point.b ? `Brought by ${texts[point.b[0]]} on ${texts[point.b[1]]}. ` : "";
    const allowed = point.a === undefined ? "" : `Allowed: ${texts[point.a]}. `;
    return el("article", { className: "point", id: `line-${point.l}` },
      el("h3", null, `Line ${number(point.l)}: `, kindOf(point), " of ", subjectLinks(point.s), function_),
      codeOf(point) ?? el("p", null, el("code", null, texts[point.t])),
      el("p", { className: "note" }, `${brought}${allowed}${point.c} % sure.`),
      el("details", null, el("summary", null, "Why it is one"), evidence(point.w)));
  }

  function lazily(place, items, make) {
    const step = 50;
    let shown = 0;
    const more = el("button", { type: "button" }, "Show more");
    const show = () => {
      const next = items.slice(shown, shown + step);
      shown += next.length;
      more.before(...next.map(make));
      more.hidden = shown >= items.length;
    };
    place.append(more);
    more.addEventListener("click", show);
    show();
    return (wanted) => {
      while (!wanted() && shown < items.length) show();
    };
  }

  function filePage(path, line) {
    const file = fileByName.get(path);
    const points = (pointsOfPath.get(path) ?? []).map((id) => data.points[id]);
    if (file === undefined && !points.length) return null;
    const page = el("div", null, el("h2", { tabIndex: -1 }, path));
    if (file !== undefined) {
      const [, component, nloc, , told] = data.files[file];
      page.append(facts(told.length ? told : [["Component", texts[component]], ["Lines of code", number(nloc)]]));
    }
    page.append(el("p", null, counted(points.length, "branch, check or unit", "branches, checks and units"), "."));
    const list = el("div");
    page.append(list);
    const until = lazily(list, points, pointArticle);
    if (line) until(() => page.querySelector(`#line-${Number(line)}`));
    return page;
  }

  function subjectPage(dimension, name) {
    const id = subjectByName.get(`${dimension}/${name}`);
    if (id === undefined) return null;
    const subject = data.subjects[id];
    const points = (pointsOfSubject.get(id) ?? []).map((it) => data.points[it]);
    const page = el("div", null,
      el("h2", { tabIndex: -1 }, name, " ", el("small", { className: "note" }, dimension)),
      facts(subject.facts));
    if (subject.why.length) {
      page.append(el("details", null, el("summary", null, `Why it is taken for one (${subject.why.length})`), evidence(subject.why)));
    }
    const files = new Map();
    for (const point of points) files.set(point.p, (files.get(point.p) ?? 0) + 1);
    const rows = [...files].sort((a, b) => b[1] - a[1]).map(([file, count]) =>
      el("tr", null, el("td", null, fileLink(texts[file])), el("td", { className: "n" }, number(count))));
    const list = el("div");
    page.append(
      el("h3", null, counted(rows.length, "file", "files")),
      el("div", { className: "wide" }, el("table", null,
        el("thead", null, el("tr", null, el("th", { scope: "col" }, "File"), el("th", { scope: "col", className: "n" }, "Places"))),
        el("tbody", null, rows))),
      el("h3", null, counted(points.length, "place", "places")),
      list);
    lazily(list, points, (point) => {
      const article = pointArticle(point);
      article.removeAttribute("id");
      article.firstChild.prepend(fileLink(texts[point.p], point.l), " – ");
      return article;
    });
    return page;
  }

  const [main, detail] = [$("main"), $("detail")];
  // Where a reader was, before another page took the place.
  let away = 0;
  let before = 0;
  addEventListener("scroll", () => {
    if (!main.hidden) before = scrollY;
  }, { passive: true });
  function route() {
    const [kind, ...rest] = location.hash.slice(1).split("/");
    let page = null;
    if (kind === "file" || kind === "subject") {
      let parts = rest;
      try {
        parts = rest.map(decodeURIComponent);
      } catch {
        // An address that somebody cut short.
      }
      page = kind === "file" ? filePage(...parts) : subjectPage(...parts);
      page ??= el("div", null, el("h2", { tabIndex: -1 }, "Not in this report"), el("p", null, parts.join(" ")));
      const back = el("button", { type: "button" }, "Back to the report");
      back.addEventListener("click", () => {
        location.hash = "";
      });
      if (!main.hidden) away = before;
      detail.replaceChildren(el("p", null, back), page);
      main.hidden = true;
      detail.hidden = false;
      for (const link of document.querySelectorAll("nav a")) link.removeAttribute("aria-current");
      const line = kind === "file" && parts[1] ? detail.querySelector(`#line-${Number(parts[1])}`) : null;
      scrollTo({ top: 0, behavior: "instant" });
      detail.querySelector("h2").focus({ preventScroll: true });
      line?.scrollIntoView({ behavior: "instant" });
      return;
    }
    const wasAway = main.hidden;
    main.hidden = false;
    detail.hidden = true;
    detail.replaceChildren();
    if (wasAway) {
      drawAll();
      if (!kind) scrollTo({ top: away, behavior: "instant" });
    }
    const title = kind && $(`${kind}-title`);
    if (title) {
      title.scrollIntoView();
      title.focus({ preventScroll: true });
    }
    for (const link of document.querySelectorAll("nav a")) {
      if (link.hash === `#${kind}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // Charts.

  const drawn = new Map();
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const isDark = () => getComputedStyle(document.documentElement).colorScheme === "dark";
  /** From no variation to most, readable under text in either theme. */
  const scale = () =>
    isDark()
      ? ["#2a3444", "#3d5a75", "#7d6a3a", "#b0682e", "#c8442f"]
      : ["#e8ecf2", "#c3d4e6", "#f3d58c", "#f0a35e", "#d9593d"];

  function base() {
    return {
      animation: false,
      textStyle: { color: color("text"), fontFamily: getComputedStyle(document.body).fontFamily },
      aria: { enabled: false },
      tooltip: { renderMode: "richText", confine: true, backgroundColor: color("raised"), borderColor: color("line"), textStyle: { color: color("text") } },
    };
  }
  const axis = () => ({
    axisLine: { lineStyle: { color: color("line") } },
    axisLabel: { color: color("faint") },
    splitLine: { lineStyle: { color: color("line"), opacity: 0.6 } },
    nameTextStyle: { color: color("faint") },
  });
  const legend = () => ({ top: 0, left: 0, textStyle: { color: color("text") }, inactiveColor: color("faint") });

  function course() {
    const { time, commit, points, customers, flags, lines } = data.course;
    if (time.length < 2) return null;
    const line = (name, values, yAxisIndex, extra) => ({
      name,
      type: "line",
      step: "end",
      showSymbol: false,
      sampling: "lttb",
      yAxisIndex,
      data: values.map((value, at) => [time[at] * 1000, value, commit[at]]),
      ...extra,
    });
    const thin = { lineStyle: { width: 1.5 } };
    return {
      ...base(),
      color: isDark() ? ["#7db4ff", "#ff9a6b", "#6fd3a3", "#c9a6ff"] : ["#0a58b8", "#c2410c", "#0f7a4d", "#7a3fc0"],
      legend: { ...legend(), selected: { "Lines that run only for some": false } },
      grid: { left: 60, right: 60, top: 60, bottom: 70 },
      tooltip: {
        ...base().tooltip,
        trigger: "axis",
        formatter: (of) =>
          [`${new Date(of[0].value[0]).toISOString().slice(0, 10)}  ${of[0].value[2]}`, ...of.map((it) => `${it.seriesName}: ${number(it.value[1])}`)].join("\n"),
      },
      xAxis: { type: "time", ...axis() },
      yAxis: [
        { type: "value", name: "branches, lines", nameLocation: "end", minInterval: 1, ...axis() },
        { type: "value", name: "customers, flags", minInterval: 1, ...axis(), splitLine: { show: false } },
      ],
      dataZoom: [
        { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false },
        { type: "slider", bottom: 8, textStyle: { color: color("faint") }, borderColor: color("line") },
      ],
      series: [
        line("Branches and checks", points, 0, { areaStyle: { opacity: 0.08 } }),
        line("Customers", customers, 1, thin),
        line("Flags", flags, 1, thin),
        line("Lines that run only for some", lines, 0, thin),
      ],
    };
  }

  function months() {
    if (data.months.length < 3) return null;
    const bar = (name, values) => ({ name, type: "bar", stack: "all", data: values, barCategoryGap: "15%" });
    return {
      ...base(),
      color: isDark() ? ["#ff9a6b", "#4a5a70"] : ["#c2410c", "#b6c2d1"],
      legend: legend(),
      grid: { left: 60, right: 60, top: 60, bottom: 30 },
      tooltip: { ...base().tooltip, trigger: "axis", valueFormatter: (value) => value.toFixed(1) },
      xAxis: { type: "category", data: data.months.map(([month]) => month), ...axis() },
      yAxis: { type: "value", name: "author-days", ...axis() },
      series: [
        bar("On code of single customers", data.months.map(([, , custom]) => custom)),
        bar("On the rest", data.months.map(([, all, custom]) => Math.max(0, all - custom))),
      ],
    };
  }

  function kinds() {
    const counts = new Map();
    for (const point of data.points) counts.set(point.k, (counts.get(point.k) ?? 0) + 1);
    const rows = [...counts].sort((a, b) => a[1] - b[1]);
    if (rows.length < 2) return null;
    return {
      ...base(),
      grid: { left: 150, right: 60, top: 4, bottom: 4 },
      xAxis: { type: "value", show: false },
      yAxis: { type: "category", data: rows.map(([kind]) => texts[kind].replaceAll("_", " ")), ...axis(), axisTick: { show: false } },
      series: [{ type: "bar", data: rows.map(([, count]) => count), itemStyle: { color: color("link") }, barMaxWidth: 18,
        label: { show: true, position: "right", color: color("text"), formatter: ({ value }) => number(value) } }],
    };
  }

  /** Branches and checks in a thousand lines, from which on a file is hotter. */
  const steps = [0, 2, 6, 15];

  function key() {
    const colors = scale();
    const names = ["none", `under ${steps[1]}`, ...steps.slice(1).map((from, at) => (steps[at + 2] ? `${from} to ${steps[at + 2]}` : `${from} and more`))];
    const key = el("p", { className: "key", id: "treemap-key" }, "Branches and checks in 1,000 lines:");
    names.forEach((name, at) => {
      const patch = el("i");
      patch.style.background = colors[at];
      key.append(" ", el("span", null, patch, name));
    });
    $("treemap-key")?.remove();
    $("treemap-chart").after(key);
  }

  /** Folders of files, with chains of single folders in one. */
  function tree() {
    const root = { name: "", children: new Map(), nloc: 0, points: 0 };
    data.files.forEach(([path, , nloc, points]) => {
      if (!nloc) return;
      let at = root;
      const parts = texts[path].split("/");
      parts.forEach((name, nth) => {
        const isFile = nth === parts.length - 1;
        const key = isFile ? `/${name}` : name;
        if (!at.children.has(key)) at.children.set(key, { name, children: new Map(), nloc: 0, points: 0 });
        at = at.children.get(key);
        at.nloc += nloc;
        at.points += points;
        if (isFile) at.path = texts[path];
      });
      root.nloc += nloc;
      root.points += points;
    });
    const colors = scale();
    const paint = (node) => {
      // A small file with one branch is not hotter than a large one with ten.
      const density = (node.points * 1000) / (node.nloc + 150);
      return colors[node.points ? 1 + steps.findLastIndex((step) => density >= step) : 0];
    };
    const visit = (node) => {
      let it = node;
      let { name } = it;
      while (!it.path && it.children.size === 1 && ![...it.children.values()][0].path) {
        [it] = it.children.values();
        name = name ? `${name}/${it.name}` : it.name;
      }
      return {
        name,
        value: it.nloc,
        points: it.points,
        path: it.path,
        itemStyle: { color: paint(it) },
        children: it.path ? undefined : [...it.children.values()].map(visit),
      };
    };
    return visit(root).children ?? [];
  }

  function treemap() {
    if (!data.files.length) return null;
    key();
    const label = {
      color: color("text"),
      overflow: "truncate",
      lineHeight: 15,
      formatter: ({ data: it }) => (it.points ? `${it.name}\n${number(it.points)}` : it.name),
    };
    const upper = (height) => ({
      show: true,
      height,
      color: color("text"),
      overflow: "truncate",
      formatter: ({ data: it }) => (it.points ? `${it.name}: ${number(it.points)}` : it.name),
    });
    const level = (height, width) => ({
      upperLabel: height ? upper(height) : { show: false },
      itemStyle: { borderColor: color(height ? "line" : "page"), borderWidth: width, gapWidth: 1 },
    });
    return {
      ...base(),
      tooltip: {
        ...base().tooltip,
        formatter: ({ data: it, name }) => `${it?.path ?? name}\n${counted(it?.value ?? 0, "line", "lines")}, ${counted(it?.points ?? 0, "branch or check", "branches and checks")}`,
      },
      series: [{
        type: "treemap",
        name: "all",
        data: tree(),
        roam: false,
        nodeClick: "zoomToNode",
        visibleMin: 60,
        left: 0,
        right: 0,
        top: 0,
        bottom: 34,
        label,
        breadcrumb: { left: 0, bottom: 4, itemStyle: { color: color("raised"), borderColor: color("line"), textStyle: { color: color("text") } } },
        // Names of folders cost room; deep down there is none.
        levels: [level(0, 0), level(20, 2), level(18, 1), level(16, 1), level(0, 1), level(0, 0)],
      }],
    };
  }

  function cells(grid, told, click) {
    if (!grid.cells.length) return null;
    const [columns, rows] = [grid.columns, grid.rows].map((it) => it.map((id) => texts[id]));
    const most = grid.cells.reduce((all, [, , value]) => Math.max(all, value), 1);
    const longest = columns.reduce((all, it) => Math.max(all, Math.min(it.length, 24)), 0);
    const below = 20 + longest * 6;
    const name = (length) => ({ ...axis(), axisLabel: { color: color("text"), interval: 0, formatter: (text) => short(text, length) }, splitArea: { show: false } });
    return {
      height: rows.length * 24 + below + 50,
      click,
      option: {
        ...base(),
        grid: { left: 190, right: 20, top: 10, bottom: below + 40 },
        tooltip: { ...base().tooltip, formatter: ({ value: [x, y, value] }) => told(rows[y], columns[x], value) },
        xAxis: { type: "category", data: columns, ...name(24), axisLabel: { ...name(24).axisLabel, rotate: 60 } },
        yAxis: { type: "category", data: rows, inverse: true, ...name(26) },
        visualMap: {
          type: "piecewise",
          orient: "horizontal",
          left: 190,
          bottom: 4,
          pieces: pieces(most),
          textStyle: { color: color("text") },
        },
        series: [{ type: "heatmap", data: grid.cells, label: { show: columns.length <= 40, color: color("text"), formatter: ({ value }) => number(value[2]) },
          itemStyle: { borderColor: color("page"), borderWidth: 1 } }],
      },
    };
  }

  /** Ranges that grow by factors: counts are far from evenly spread. */
  function pieces(most) {
    const colors = scale();
    const bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000].filter((it) => it <= most);
    const step = Math.max(1, Math.ceil(bounds.length / 4));
    const from = bounds.filter((_, at) => at % step === 0);
    return from.map((min, at) => ({
      gte: min,
      ...(at + 1 < from.length ? { lte: from[at + 1] - 1 } : {}),
      label: at + 1 < from.length ? (from[at + 1] - 1 === min ? number(min) : `${number(min)} to ${number(from[at + 1] - 1)}`) : `${number(min)} and more`,
      color: colors[Math.min(at + 1, colors.length - 1)],
    }));
  }

  const heat = () => cells(data.heat,
    (row, column, value) => `${row} in ${column}\n${counted(value, "branch or check", "branches and checks")}`,
    ({ value: [, y] }) => {
      const wanted = texts[data.heat.rows[y]];
      const id = data.subjects.findIndex((it) => texts[it.name] === wanted && texts[it.dimension] !== "flag");
      if (id >= 0) location.hash = subjectAddress(id);
    });
  const matrix = () => cells(data.matrix, (row, column, value) => `${row}\nuses ${column}\n${counted(value, "pair of files", "pairs of files")}`);

  const CHARTS = {
    kinds: () => {
      const option = kinds();
      return { option, height: 12 + 28 * (option?.series[0].data.length ?? 0) };
    },
    course: () => ({ option: course() }),
    months: () => ({ option: months() }),
    treemap: () => ({ option: treemap(), click: ({ data: it }) => { if (it?.path) location.hash = fileAddress(it.path); } }),
    heat,
    matrix,
  };

  function draw(id) {
    const [figure, place] = [$(`${id}-figure`), $(`${id}-chart`)];
    const made = CHARTS[id]();
    if (!made?.option) {
      figure.hidden = true;
      return;
    }
    drawn.get(id)?.dispose();
    if (made.height) place.style.height = `${made.height}px`;
    const chart = globalThis.charts.init(place, null, { renderer: "canvas" });
    chart.setOption(made.option);
    if (made.click) chart.on("click", made.click);
    drawn.set(id, chart);
    figure.dataset.drawn = "true";
  }

  /** Draws what comes into sight, so that a page of a large tree opens at once. */
  let watch = null;
  function drawAll() {
    watch?.disconnect();
    watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        draw(target.id.replace(/-figure$/, ""));
      }
    }, { rootMargin: "400px" });
    for (const id of Object.keys(CHARTS)) {
      const figure = $(`${id}-figure`);
      if (!figure) continue;
      figure.hidden = false;
      watch.observe(figure);
    }
  }
  const redraw = () => {
    for (const id of [...drawn.keys()]) draw(id);
  };

  const theme = $("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    redraw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", () => {
    for (const chart of drawn.values()) chart.resize();
  });
  addEventListener("beforeprint", () => {
    for (const id of Object.keys(CHARTS)) if ($(`${id}-figure`) && !drawn.has(id)) draw(id);
    for (const chart of drawn.values()) chart.resize();
  });
  addEventListener("hashchange", route);
  drawAll();
  route();
  document.documentElement.dataset.ready = "true";
})();
