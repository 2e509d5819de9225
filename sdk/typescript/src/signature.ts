// Signs a private request: HMAC-SHA256 over the query string as sent, in hex, by the platform's WebCrypto.
// Never logs or returns the secret; the imported key cannot be exported.

const encoder = new TextEncoder();

export class Signer {
  readonly #key: ReturnType<typeof crypto.subtle.importKey>;

  constructor(apiSecret: string) {
    this.#key = crypto.subtle.importKey("raw", encoder.encode(apiSecret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    // Reported by the first sign(); without this an unused signer would be an unhandled rejection.
    this.#key.catch(() => undefined);
  }

  /** Hex signature of a query string (or of query string and body, joined). */
  async sign(payload: string): Promise<string> {
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", await this.#key, encoder.encode(payload)));
    let hex = "";
    for (const byte of mac) hex += byte.toString(16).padStart(2, "0");
    return hex;
  }
}
