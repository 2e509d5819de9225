// Loaded into the page's server with --import: it must not outlive the supervisor, even one ended by SIGKILL.
process.once("disconnect", () => process.exit(0));
process.channel?.unref();
