// Colours and clock of the chart: the page's tokens, which a canvas cannot inherit by itself, and local time.
import { TickMarkType, type Time } from "lightweight-charts";

const FALLBACK = "#98a3b3";

export interface ChartTheme {
  readonly surface: string;
  readonly text: string;
  readonly grid: string;
  readonly crosshair: string;
  readonly label: string;
  readonly up: string;
  readonly down: string;
  readonly ownBuy: string;
  readonly ownSell: string;
  readonly volumeUp: string;
  readonly volumeDown: string;
}

/** The tokens as they stand; to be read in the browser. */
export function chartTheme(): ChartTheme {
  const tokens = getComputedStyle(document.documentElement);
  const token = (name: string): string => tokens.getPropertyValue(name).trim() || FALLBACK;
  const up = token("--up");
  const down = token("--down");
  return {
    surface: token("--surface"),
    text: token("--text-2"),
    grid: "#151b24",
    crosshair: "#4a5668",
    label: token("--raised-2"),
    up,
    down,
    ownBuy: `${up}aa`,
    ownSell: `${down}aa`,
    volumeUp: `${up}55`,
    volumeDown: `${down}55`,
  };
}

const two = (n: number): string => String(n).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const dateOf = (time: Time): Date => new Date(typeof time === "number" ? time * 1000 : String(time));

/** The crosshair's time label. */
export function localTime(time: Time): string {
  const at = dateOf(time);
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ""} ${at.getFullYear()}  ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A mark on the time axis. */
export function localTick(time: Time, type: TickMarkType): string {
  const at = dateOf(time);
  switch (type) {
    case TickMarkType.Year:
      return String(at.getFullYear());
    case TickMarkType.Month:
      return MONTHS[at.getMonth()] ?? "";
    case TickMarkType.DayOfMonth:
      return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ""}`;
    case TickMarkType.Time:
      return `${two(at.getHours())}:${two(at.getMinutes())}`;
    case TickMarkType.TimeWithSeconds:
      return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  }
}
