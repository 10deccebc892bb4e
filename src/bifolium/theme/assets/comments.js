// Load the comments once a reader asks for them: until then nobody else learns that the page was read.
// Only pages with comments load this.

const link = document.querySelector(".comments .load");

/** Put the service's script in the link's place; it does the rest. */
const load = () => {
  const script = document.createElement("script");
  const { theme } = document.documentElement.dataset;
  const isGiscus = link.dataset.script.includes("giscus");
  const named = isGiscus ? ["preferred_color_scheme", "light", "dark"] : ["preferred-color-scheme", "github-light", "github-dark"];
  const attributes = JSON.parse(link.dataset.script);
  attributes[isGiscus ? "data-theme" : "theme"] = named[["light", "dark"].indexOf(theme) + 1];
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  script.crossOrigin = "anonymous";
  link.parentElement.replaceWith(script);
};

link?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  load();
});
// Both come back to the page with these in its address, when a reader has signed in.
if (link && /[?&](giscus|utterances)=/.test(location.search)) load();
