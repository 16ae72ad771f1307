// A picture for what has none: colours and shapes that follow from the title's id, so that the
// same title looks the same everywhere, and two titles do not.

export interface Shape {
  x: number;
  y: number;
  radius: number;
  colour: string;
}

export interface Artwork {
  from: string;
  to: string;
  shapes: Shape[];
}

/** FNV-1a: enough to spread names over pictures. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value ^= text.charCodeAt(at);
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value;
}

/** Hues that go with an ember: from rose over amber to teal and indigo; no lime. */
const hues = [8, 22, 34, 172, 196, 214, 236, 262, 290, 328];

export function artworkOf(id: string): Artwork {
  let seed = hash(id) || 1;
  const next = (below: number) => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    seed >>>= 0;
    return seed % below;
  };
  const first = next(hues.length);
  const hue = hues[first] ?? 22;
  const other = hues[(first + 1 + next(3)) % hues.length] ?? 214;
  const shapes = Array.from({ length: 3 }, (_, index) => ({
    x: next(160),
    y: 20 + next(70),
    radius: 22 + next(34),
    colour: `hsl(${index % 2 === 0 ? other : hue} ${55 + next(20)}% ${42 + next(16)}%)`,
  }));
  return { from: `hsl(${hue} 48% 30%)`, to: `hsl(${other} 52% 14%)`, shapes };
}
