// A QR code as the path of one SVG element: dark squares, row by row.
import { encode } from 'uqr';

export interface QrPath {
  /** Side in modules, with the quiet zone around it. */
  size: number;
  path: string;
}

export function qrPath(text: string): QrPath {
  const code = encode(text, { ecc: 'M', border: 4 });
  let path = '';
  code.data.forEach((row, y) => {
    for (let x = 0; x < row.length;) {
      let end = x;
      while (row[end]) end += 1;
      if (end > x) path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = Math.max(end, x + 1);
    }
  });
  return { size: code.size, path };
}
