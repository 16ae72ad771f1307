// Colours that people choose, and what can be read on them.

/** WCAG's relative luminance of "#rrggbb". */
function luminance(colour: string): number {
  const part = (at: number) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}

export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/.test(text);
}

/** Dark or light letters, whichever stands out more on it. */
export function inkOn(colour: string): string {
  if (!isColour(colour)) return '#ffffff';
  const light = luminance(colour);
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? '#ffffff' : '#0b0d12';
}

/** To choose from: far apart, and none of them gaudy. */
export const channelColours = [
  '#3366cc',
  '#d9480f',
  '#2b8a3e',
  '#9c36b5',
  '#c2255c',
  '#0b7285',
  '#b08900',
  '#5f3dc4',
] as const;
