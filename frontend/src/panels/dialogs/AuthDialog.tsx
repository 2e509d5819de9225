"use client";
// Sign-up and log-in: the same two fields, one step to the other.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactNode } from "react";
import { logIn, signUp } from "../../api/commands.ts";
import { sessionQuery } from "../../api/queries.ts";
import { useExchange } from "../exchangeContext.tsx";
import { Dialog } from "./Dialog.tsx";
import styles from "./dialogs.module.css";

const PASSWORD_CHARS_MIN = 8;

interface Props {
  readonly mode: "sign-up" | "log-in";
  readonly onClose: () => void;
}

export function AuthDialog({ mode, onClose }: Props): ReactNode {
  const { transport, openDialog } = useExchange();
  const queryClient = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const signsUp = mode === "sign-up";
  const enter = useMutation({
    mutationFn: async () => {
      const credentials = { email: email.trim(), password };
      await (signsUp ? signUp(transport, credentials) : logIn(transport, credentials));
      const session = await queryClient.fetchQuery({ ...sessionQuery(transport), staleTime: 0 });
      if (session === null) throw new Error("Logged in, but the browser did not keep the session: are cookies allowed for this site?");
    },
    onSuccess: onClose,
    onError: (error) => setProblem(error.message),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (enter.isPending) return;
    if (!/^\S+@\S+$/.test(email.trim())) return setProblem("Enter an e-mail address.");
    if (signsUp && password.length < PASSWORD_CHARS_MIN) return setProblem(`A password needs at least ${PASSWORD_CHARS_MIN} characters.`);
    if (password === "") return setProblem("Enter your password.");
    setProblem(undefined);
    enter.mutate();
  };
  return (
    <Dialog title={signsUp ? "Create your account" : "Log in"} onClose={onClose}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <label className={styles.field}>
          <span>E-mail</span>
          <input type="email" autoComplete="email" autoFocus value={email} data-testid={`${mode}-email`} onChange={(event) => setEmail(event.target.value)} />
        </label>
        <label className={styles.field}>
          <span>Password</span>
          <input
            type="password"
            autoComplete={signsUp ? "new-password" : "current-password"}
            value={password}
            data-testid={`${mode}-password`}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <p className={styles.problem} role="alert" data-testid={`${mode}-message`}>
          {problem ?? ""}
        </p>
        <button type="submit" className={styles.primary} data-testid={`${mode}-submit`} disabled={enter.isPending}>
          {enter.isPending ? "One moment…" : signsUp ? "Sign up" : "Log in"}
        </button>
        <p className={styles.aside}>
          {signsUp ? "You have an account already? " : "New here? "}
          <button type="button" className={styles.link} onClick={() => openDialog(signsUp ? "log-in" : "sign-up")}>
            {signsUp ? "Log in" : "Create an account"}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
