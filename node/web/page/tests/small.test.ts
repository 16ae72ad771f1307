import { describe, expect, it } from 'vitest';
import { grouped, pastedCard, shortened } from '../src/lib/address';
import { artworkOf } from '../src/lib/artwork';
import { base64url, fitted } from '../src/lib/picture';
import { qrPath } from '../src/lib/qr';
import { hrefOf, pairingSecret, routeOf } from '../src/lib/route';
import {
  ageValue,
  amountText,
  hoursOf,
  hoursValue,
  kindsValue,
  sizeValue,
  typedAmount,
  withCurrent,
} from '../src/lib/rules';
import { found } from '../src/lib/search';

describe('addresses', () => {
  it('stand in groups, as the command line prints them', () => {
    expect(grouped('home1qyqszqgp').join(' ')).toBe('home1 qyqs zqgp');
    expect(shortened(`home1${'q'.repeat(58)}`)).toBe('home1qqqqqqqq…qqqq');
  });

  it('lose what messengers put into a card, and keep a directory’s', () => {
    expect(pastedCard(' hearth:card/ab\n cd ')).toBe('hearth:card/abcd');
    expect(pastedCard(' ip:192.0.2.7 ')).toBe('ip:192.0.2.7');
  });
});

describe('where one is', () => {
  it('is in the address bar and back', () => {
    expect(routeOf(hrefOf('send', 'to', 'Ilse & Karl/Ö'))).toEqual({
      page: 'send',
      rest: ['to', 'Ilse & Karl/Ö'],
    });
    expect(routeOf('')).toEqual({ page: 'home', rest: [] });
    expect(routeOf('#/nowhere/%E0')).toEqual({ page: 'home', rest: [] });
    expect(routeOf('#/gifts/%E0%A4')).toEqual({ page: 'gifts', rest: [''] });
  });

  it('knows the pairing secret of a QR code, and nothing like it', () => {
    expect(pairingSecret('#pair=abc_DEF-123')).toBe('abc_DEF-123');
    expect(pairingSecret('#pair=')).toBeUndefined();
    expect(pairingSecret('#/home?pair=abcdefgh')).toBeUndefined();
    expect(pairingSecret('#pair=<script>')).toBeUndefined();
  });
});

describe('rules', () => {
  it('are said as the command line says them', () => {
    expect([0, 4e9, 1e12, 5e8, 1_500_000_000, 123_000].map(sizeValue)).toEqual([
      'none',
      '4 GB',
      '1 TB',
      '500 MB',
      '1500 MB',
      '123 kB',
    ]);
    expect(kindsValue(['video', 'audio', 'image', 'data'])).toBe('all');
    expect(kindsValue(['video', 'image'])).toBe('video,image');
    expect([0, 16, 21].map(ageValue)).toEqual(['0', '16', 'none']);
    expect(hoursValue(hoursOf('22:00-06:00'))).toBe('22:00-06:00');
    expect(hoursValue(hoursOf('always'))).toBe('always');
    expect(withCurrent(['none', '1 GB'], '3 GB')).toEqual(['none', '1 GB', '3 GB']);
  });

  it('take amounts with a comma or a point, and nothing else', () => {
    expect(amountText(' 12,50 ', 'EUR')).toBe('12.50 EUR');
    expect(amountText('5', 'EUR')).toBe('5 EUR');
    for (const wrong of ['', '-5', '1e3', '5 EUR', '1.2.3', '0x10']) {
      expect(amountText(wrong, 'EUR')).toBeUndefined();
    }
    expect(typedAmount({ minor: 1250, currency: 'EUR', text: '12.50 EUR' })).toBe('12.50');
    expect(typedAmount(undefined)).toBe('');
  });
});

describe('pictures', () => {
  it('that are made up are the same each time, and differ between titles', () => {
    expect(artworkOf('ab')).toEqual(artworkOf('ab'));
    const all = new Set(
      Array.from({ length: 200 }, (_, id) => JSON.stringify(artworkOf(`t${id}`))),
    );
    expect(all.size).toBeGreaterThan(190);
  });

  it('are made small without being bent', () => {
    expect(fitted(4000, 3000, 640)).toEqual([640, 480]);
    expect(fitted(300, 200, 640)).toEqual([300, 200]);
    expect(fitted(1, 10_000, 640)).toEqual([1, 640]);
    expect(base64url(new Uint8Array([251, 255, 254]))).toBe('-__-');
  });

  it('of a QR code have a quiet zone', () => {
    const code = qrPath('hearth:card/abc');
    expect(code.size).toBeGreaterThanOrEqual(21 + 8);
    expect(code.path.startsWith('M4 4h7v1h-7z')).toBe(true);
  });
});

describe('search', () => {
  it('takes words in any order and either case, and a kind', () => {
    const all = [
      { name: 'Autumn by the Sea', kind: 'video' as const },
      { name: 'Sea songs', kind: 'audio' as const },
    ];
    expect(found(all, 'sea AUTUMN', 'all')).toHaveLength(1);
    expect(found(all, 'sea', 'audio').map((one) => one.name)).toEqual(['Sea songs']);
    expect(found(all, '', 'all')).toHaveLength(2);
  });
});
