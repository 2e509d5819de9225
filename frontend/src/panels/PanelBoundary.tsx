"use client";
// Keeps a failure inside the panel it happened in: the rest of the screen trades on.
import { Component, type ErrorInfo, type ReactNode } from "react";
import styles from "./panel.module.css";

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

export class PanelBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(`${this.props.name} failed`, error, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div className={styles.failed} role="alert">
        <p>{this.props.name} cannot be shown.</p>
        <button type="button" className={styles.retry} onClick={() => this.setState({ failed: false })}>
          Try again
        </button>
      </div>
    );
  }
}
