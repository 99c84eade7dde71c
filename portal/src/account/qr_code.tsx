import { useEffect, useState } from 'preact/hooks';

const quiet = 4; // modules of margin that readers of codes expect

/** One path for all dark modules. */
export function darkModules(size: number, isDark: (x: number, y: number) => boolean): string {
  let path = '';
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (isDark(x, y)) path += `M${x} ${y}h1v1h-1z`;
  return path;
}

/** A text as a picture for a camera. Whoever shows it shows the text as well. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<{ size: number; path: string }>();
  useEffect(() => {
    let wanted = true;
    void import('lean-qr').then(({ generate }) => {
      const code = generate(text);
      const path = darkModules(code.size, (x, y) => code.get(x, y));
      if (wanted) setDrawn({ size: code.size, path });
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  if (!drawn) return <p class="waiting">Drawing …</p>;
  const { size, path } = drawn;
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`${-quiet} ${-quiet} ${size + 2 * quiet} ${size + 2 * quiet}`}
      shape-rendering="crispEdges"
    >
      <rect x={-quiet} y={-quiet} width={size + 2 * quiet} height={size + 2 * quiet} class="light" />
      <path d={path} class="dark" />
    </svg>
  );
}
