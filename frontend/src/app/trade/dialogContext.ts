// Which dialog is open.
import { createContext } from "react";
import type { DialogName } from "../../panels/exchangeContext.tsx";

export interface DialogState {
  readonly dialog: DialogName | undefined;
  readonly closeDialog: () => void;
}

export const DialogContext = createContext<DialogState>({ dialog: undefined, closeDialog: () => undefined });
