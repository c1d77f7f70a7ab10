// A mail server for tests: prints its port, then everything it takes, one line of JSON each.
//
//   node smtp.mjs open    takes mail from anybody
//   node smtp.mjs login   only after signing in as kw with the password hush
//   node smtp.mjs tls     offers STARTTLS with a certificate that nobody trusts
//
// Whoever writes to busy@… is told to come again, to nobody@… that there is no such mailbox.

import { SMTPServer } from "smtp-server";

const mode = process.argv[2] ?? "open";
const refused = (code, text) => Object.assign(new Error(text), { responseCode: code });

const server = new SMTPServer({
  authOptional: mode !== "login",
  allowInsecureAuth: true,
  disabledCommands: mode === "tls" ? ["AUTH"] : mode === "login" ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
  onAuth({ username, password }, session, done) {
    if (username === "kw" && password === "hush") done(null, { user: username });
    else done(refused(535, "wrong name or password"));
  },
  onRcptTo({ address }, session, done) {
    if (address.startsWith("busy@")) done(refused(451, "come again"));
    else if (address.startsWith("nobody@")) done(refused(550, "no such mailbox"));
    else done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      const data = Buffer.concat(parts).toString("utf8");
      console.log(JSON.stringify({ from: mailFrom.address, to: rcptTo.map(({ address }) => address), data }));
      done();
    });
  },
});
server.on("error", () => {
  // A client that leaves in the middle is part of what is tested.
});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
