// A photo from the phone, made small before it travels: the node makes it smaller still, and takes
// off whatever the camera wrote into it.

const longestSide = 640;
/** A request has at most 64 KiB, and base64 makes four of three. */
const mostBytes = 40_000;
const qualities = [0.85, 0.7, 0.5, 0.3];

export function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** width and height so that the longer one is at most `longest`. */
export function fitted(width: number, height: number, longest: number): [number, number] {
  const factor = Math.min(1, longest / Math.max(width, height, 1));
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/** Of a card's photo: codes are still sharp at that size, and the node takes 4 MiB. */
const codeSide = 2400;
const mostCodeBytes = 4 * 1024 * 1024;

/** What is sent of a photo of a QR code: as it is when it is small, else a smaller JPEG of it. */
export async function cardPhoto(file: Blob): Promise<Uint8Array | undefined> {
  if (file.size <= 1024 * 1024) return new Uint8Array(await file.arrayBuffer());
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) {
    // A PDF, or a form that only the node reads.
    return file.size <= mostCodeBytes ? new Uint8Array(await file.arrayBuffer()) : undefined;
  }
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = fitted(bitmap.width, bitmap.height, codeSide);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await jpegOf(canvas, 0.85);
  return blob && blob.size <= mostCodeBytes ? new Uint8Array(await blob.arrayBuffer()) : undefined;
}

function jpegOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
}

/** A JPEG of the picture, or undefined when the browser cannot read it. */
export async function smallJpeg(file: Blob): Promise<Uint8Array | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = fitted(bitmap.width, bitmap.height, longestSide);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of qualities) {
    const blob = await jpegOf(canvas, quality);
    if (blob && blob.size <= mostBytes) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
}
