"use client";
// API keys for bots. A secret is shown once, right after its key was made; it is never asked for again.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { createApiKey, deleteApiKey } from "../../api/commands.ts";
import { apiKeysQuery } from "../../api/queries.ts";
import { useExchange } from "../exchangeContext.tsx";
import { Skeleton } from "../Panel.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./dialogs.module.css";

const LABEL_CHARS_MAX = 64;

export function ApiKeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { transport } = useExchange();
  const queryClient = useQueryClient();
  const [label, setLabel] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const { data: keys, error } = useQuery(apiKeysQuery(transport));
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["apiKeys"] });
  const create = useMutation({
    mutationFn: () => createApiKey(transport, label.trim() === "" ? "Bot" : label.trim()),
    onSuccess: () => {
      setLabel("");
      void refresh();
    },
    onError: (failure) => setProblem(failure.message),
  });
  const remove = useMutation({
    mutationFn: (id: string) => deleteApiKey(transport, id),
    onSuccess: refresh,
    onError: (failure) => setProblem(failure.message),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (create.isPending) return;
    setProblem(undefined);
    create.mutate();
  };
  return (
    <Dialog title="API keys" onClose={onClose}>
      <div className={styles.form}>
        <p className={styles.lead}>
          A key lets a program trade on this account. The REST API lives at <code>{transport.apiUrl}/api/v3</code>.
        </p>
        {create.data === undefined ? null : (
          <div className={styles.secret} role="status">
            <p>The secret is shown only now. Keep it somewhere safe.</p>
            <Secret name="API key" text={create.data.apiKey} testId="api-key" />
            <Secret name="Secret" text={create.data.apiSecret} testId="api-secret" />
          </div>
        )}
        <form className={styles.inline} onSubmit={submit}>
          <input
            type="text"
            aria-label="Name of the new key"
            placeholder="Name, e.g. market maker"
            maxLength={LABEL_CHARS_MAX}
            value={label}
            data-testid="api-key-label"
            onChange={(event) => setLabel(event.target.value)}
          />
          <button type="submit" className={styles.primary} data-testid="api-key-create" disabled={create.isPending}>
            Create key
          </button>
        </form>
        <p className={styles.problem} role="alert">
          {problem ?? error?.message ?? ""}
        </p>
        {keys === undefined && error === null ? <Skeleton rows={3} /> : null}
        <ul className={styles.keys} data-testid="api-keys">
          {(keys ?? []).map((key) => {
            const id = String(key.id ?? key.apiKey ?? "");
            return (
              <li key={id} data-key-id={id}>
                <span>
                  <b>{key.label ?? "Unnamed"}</b>
                  <code>{shortened(key.apiKey ?? id)}</code>
                </span>
                <button type="button" data-testid="api-key-delete" disabled={remove.isPending} onClick={() => remove.mutate(id)}>
                  Delete
                </button>
              </li>
            );
          })}
        </ul>
        {keys?.length === 0 ? <p className={styles.aside}>No keys yet.</p> : null}
      </div>
    </Dialog>
  );
}

const shortened = (text: string): string => (text.length > 20 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text);

function Secret({ name, text, testId }: { readonly name: string; readonly text: string; readonly testId: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={styles.secretRow}>
      <span>{name}</span>
      <code data-testid={testId}>{text}</code>
      <button type="button" onClick={copy}>
        {copied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}
