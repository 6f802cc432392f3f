/** The page's one line to the playground: events come in, what people do goes out. */

/** POSTs and returns the JSON reply; an Error with the playground's own reason otherwise. */
export async function post(path, body = {}) {
  const reply = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const result = await reply.json().catch(() => ({ error: reply.statusText }));
  if (!reply.ok) throw new Error(result.error ?? reply.statusText);
  return result;
}

export async function get(path) {
  const reply = await fetch(path);
  if (!reply.ok) throw new Error(reply.statusText);
  return reply.json();
}

/**
 * Calls onEvent for a snapshot and then for each change, in order, and onLine(true|false) as the line comes and goes.
 *
 * Every connection begins with a whole snapshot, so nothing that happened in between is missed. A hidden tab hangs
 * up: browsers allow six connections to one address, and a seventh open tab would otherwise block all others.
 */
export function listen(onEvent, onLine) {
  let source = null;
  let retry = 0;
  const connect = () => {
    clearTimeout(retry);
    source?.close();
    source = new EventSource("/playground/events");
    source.onmessage = (message) => { onLine(true); onEvent(JSON.parse(message.data)); };
    source.onerror = () => {
      source.close();
      onLine(false);
      retry = setTimeout(connect, 1000);
    };
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return connect();
    clearTimeout(retry);
    source?.close();
  });
  connect();
}
