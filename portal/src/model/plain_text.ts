// As the daemon has it (base/utf8): controls, line separators, and what turns the direction of the text around it.
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What is wrong with a name or a description beside its length; undefined: nothing. */
export function controlFault(text: string): string | undefined {
  const found = control.exec(text)?.[0];
  if (found === undefined) return undefined;
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `It has the control character U+${code}, which people do not see. Take it out.`;
}
