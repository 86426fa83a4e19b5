/** Holdfast's mark: two posts, and the line that is made fast between them. */

/** Decoration; the name stands beside it. */
export function Mark() {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="15" fill="var(--accent-fill)" />
      <g fill="none" stroke="var(--text-on-accent)" strokeWidth="6.5" strokeLinecap="round">
        <path d="M20 15v34M44 15v34" />
        <path d="M20 35c5-9 9-9 12-3s7 6 12-3" />
      </g>
    </svg>
  );
}
