"use client";
// The page's first line: who we are, who you are, and the way to funds and keys.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { logOut } from "../../api/commands.ts";
import { useExchange, useSession } from "../exchangeContext.tsx";
import { useDismiss } from "../useDismiss.ts";
import { ConnectionBadge } from "./ConnectionBadge.tsx";
import styles from "./header.module.css";

export function TopBar(): ReactNode {
  const { openDialog } = useExchange();
  const session = useSession();
  return (
    <header className={styles.top}>
      <span className={styles.brand}>
        <Mark />
        Tickwire
      </span>
      <span className={styles.tag}>Demo funds</span>
      <div className={styles.right}>
        <ConnectionBadge />
        {session === undefined ? <span className={styles.accountPlaceholder} /> : null}
        {session === null ? (
          <>
            <button type="button" className={styles.quiet} data-testid="open-log-in" onClick={() => openDialog("log-in")}>
              Log in
            </button>
            <button type="button" className={styles.primary} data-testid="open-sign-up" onClick={() => openDialog("sign-up")}>
              Sign up
            </button>
          </>
        ) : null}
        {session === null || session === undefined ? null : (
          <>
            <button type="button" className={styles.primary} data-testid="on-ramp-open" onClick={() => openDialog("on-ramp")}>
              Add funds
            </button>
            <AccountMenu email={session.email ?? "Account"} />
          </>
        )}
      </div>
    </header>
  );
}

function AccountMenu({ email }: { readonly email: string }): ReactNode {
  const { openDialog, transport } = useExchange();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const menu = useDismiss<HTMLDivElement>(open, () => setOpen(false));
  const leave = useMutation({
    mutationFn: () => logOut(transport),
    onSuccess: () => {
      queryClient.setQueryData(["session"], null);
      for (const key of ["account", "openOrders", "history", "apiKeys"]) queryClient.removeQueries({ queryKey: [key] });
    },
  });
  return (
    <div className={styles.menuAnchor} ref={menu}>
      <button type="button" className={styles.account} aria-haspopup="menu" aria-expanded={open} data-testid="account-menu" onClick={() => setOpen(!open)}>
        <span className={styles.avatar} aria-hidden="true">
          {email.slice(0, 1).toUpperCase()}
        </span>
        <span className={styles.email}>{email}</span>
      </button>
      {open ? (
        <div className={styles.menu} role="menu">
          <p className={styles.menuEmail}>{email}</p>
          <button
            type="button"
            role="menuitem"
            data-testid="open-api-keys"
            onClick={() => {
              setOpen(false);
              openDialog("api-keys");
            }}
          >
            API keys
          </button>
          <button type="button" role="menuitem" data-testid="log-out" disabled={leave.isPending} onClick={() => leave.mutate()}>
            Log out
          </button>
        </div>
      ) : null}
    </div>
  );
}

/** The sign of the venue: a candle on a wire. */
function Mark(): ReactNode {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M1 13.5h4.2l2.3-8 3.4 11 2.6-7.5 1.4 4.5H19" fill="none" stroke="var(--accent)" strokeWidth="1.9" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
