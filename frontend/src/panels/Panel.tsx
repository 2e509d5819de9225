"use client";
// The frame of every panel: a named region with a header of fixed height and a boundary for its failures. No Suspense
// here: what is live must hydrate with the page, before the feed changes it; panels that wait put it inside.
import type { ReactNode } from "react";
import styles from "./panel.module.css";
import { PanelBoundary } from "./PanelBoundary.tsx";

interface Props {
  readonly name: string;
  readonly className?: string | undefined;
  /** Instead of the name, in the header. */
  readonly header?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ name, className, header, children }: Props): ReactNode {
  return (
    <section className={`${styles.panel} ${className ?? ""}`} aria-label={name}>
      <header className={styles.header}>{header ?? <h2 className={styles.title}>{name}</h2>}</header>
      <div className={styles.body}>
        <PanelBoundary name={name}>{children}</PanelBoundary>
      </div>
    </section>
  );
}

/** Grey bars in the place of rows still to come; as tall as the rows, so that nothing moves when they do. */
export function Skeleton({ rows }: { readonly rows: number }): ReactNode {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} style={{ width: `${92 - ((row * 37) % 34)}%` }} />
      ))}
    </div>
  );
}
