/** Two corners of a box around a dot: the mark of the product. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden fill="none">
      <g stroke="var(--mantine-primary-color-filled)" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="M3.5 10V3.5H10" />
        <path d="M20.5 14v6.5H14" />
      </g>
      <rect x="8" y="8" width="8" height="8" rx="1.5" fill="currentColor" />
    </svg>
  );
}
