import type { Colour, Piece, Style } from './ansi.ts';

/** How a piece is drawn: classes, and colours that are in none of them. */
export interface Drawn {
  readonly className: string;
  readonly ink?: string;
  readonly ground?: string;
}

/** How a piece looks on the page. The first 16 colours are those of the page, so that they can be read on it. */
export function drawn({ style }: Piece): Drawn {
  const { ink, ground } = style.inverse ? turned(style) : style;
  const anyInk = ink === undefined ? undefined : exact(ink);
  const anyGround = ground === undefined ? undefined : exact(ground);
  const classes = [
    ...(['bold', 'italic', 'underline', 'struck'] as const).filter((part) => style[part]),
    // Of a colour that is dim as well, the colour says more.
    ...(style.dim && ink === undefined ? ['dim'] : []),
    ...(ink === undefined ? [] : [classOf(ink, 'ink')]),
    ...(ground === undefined ? [] : [classOf(ground, 'ground')]),
    // Alone, one is made so that the other of the page goes with it.
    ...(anyInk !== undefined && ground === undefined ? ['alone'] : []),
    ...(anyGround !== undefined && ink === undefined ? ['alone'] : []),
  ];
  return {
    className: classes.join(' '),
    ...(anyInk !== undefined && { ink: anyInk }),
    ...(anyGround !== undefined && { ground: anyGround }),
  };
}

/** Where a colour is not given, that of the page is turned. */
const turned = ({ ink, ground }: Style): { ink: Colour; ground: Colour } => ({
  ink: ground ?? 'turned',
  ground: ink ?? 'turned',
});

const classOf = (colour: Colour, part: 'ink' | 'ground'): string => {
  if (colour === 'turned') return `${part}-turned`;
  return typeof colour === 'number' && colour < 16 ? `${part}-${colour}` : `${part}-any`;
};

/** A colour that no class has. */
function exact(colour: Colour): string | undefined {
  if (typeof colour === 'string') return colour.startsWith('#') ? colour : undefined;
  if (colour < 16) return undefined;
  if (colour >= 232) return rgb(Array.from({ length: 3 }, () => 8 + 10 * (colour - 232)));
  const at = colour - 16;
  return rgb(
    [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((n) => (n ? 55 + 40 * n : 0)),
  );
}

const rgb = (parts: readonly number[]): string =>
  `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
