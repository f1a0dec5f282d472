import { boolean, className, double, int, list, long, password, short, string } from "../option.ts";
import { between, items, oneOfAnyCase } from "../option_rule.ts";

/** Broker options of SASL/OAUTHBEARER. */
export const oauthOptions = [
  className("sasl.login.callback.handler.class", null, {
    doc: "Java class of SASL login callbacks; kafkats loads no Java classes.",
  }),
  className("sasl.login.class", null, {
    doc: "Java class of SASL logins; kafkats loads no Java classes.",
  }),
  int("sasl.login.connect.timeout.ms", null, {
    importance: "LOW",
    doc: "How long connecting to an OAuth provider may take.",
  }),
  int("sasl.login.read.timeout.ms", null, {
    importance: "LOW",
    doc: "How long reading from an OAuth provider may take.",
  }),
  short("sasl.login.refresh.buffer.seconds", 300, {
    scope: "per-broker",
    doc: "Seconds before its end at which a credential is refreshed at the latest.",
  }),
  short("sasl.login.refresh.min.period.seconds", 60, {
    scope: "per-broker",
    doc: "Seconds that a fresh credential is kept at least.",
  }),
  double("sasl.login.refresh.window.factor", 0.8, {
    scope: "per-broker",
    doc: "Share of a credential's life after which it is refreshed.",
  }),
  double("sasl.login.refresh.window.jitter", 0.05, {
    scope: "per-broker",
    doc: "Random share of the time to a credential's refresh.",
  }),
  long("sasl.login.retry.backoff.max.ms", 10_000, {
    importance: "LOW",
    doc: "Longest pause between tries to log in at an OAuth provider.",
  }),
  long("sasl.login.retry.backoff.ms", 100, {
    importance: "LOW",
    doc: "First pause between tries to log in at an OAuth provider.",
  }),
  boolean("sasl.oauthbearer.allow.unverified.audience", false, {
    doc: "Whether tokens pass without a check of their audience.",
  }),
  boolean("sasl.oauthbearer.allow.unverified.issuer", false, {
    doc: "Whether tokens pass without a check of their issuer.",
  }),
  string("sasl.oauthbearer.assertion.algorithm", "RS256", {
    rule: oneOfAnyCase("ES256", "RS256"),
    doc: "Algorithm by which client assertions are signed.",
  }),
  string("sasl.oauthbearer.assertion.claim.aud", null, {
    doc: "Audience claim of client assertions.",
  }),
  int("sasl.oauthbearer.assertion.claim.exp.seconds", 300, {
    rule: between(0, 86_400),
    importance: "LOW",
    doc: "Seconds after which a client assertion expires.",
  }),
  string("sasl.oauthbearer.assertion.claim.iss", null, {
    doc: "Issuer claim of client assertions.",
  }),
  boolean("sasl.oauthbearer.assertion.claim.jti.include", false, {
    doc: "Whether client assertions carry an id of their own.",
  }),
  int("sasl.oauthbearer.assertion.claim.nbf.seconds", 60, {
    rule: between(0, 3600),
    importance: "LOW",
    doc: "Seconds that a client assertion is valid before now.",
  }),
  string("sasl.oauthbearer.assertion.claim.sub", null, {
    doc: "Subject claim of client assertions.",
  }),
  string("sasl.oauthbearer.assertion.file", null, {
    doc: "File with a ready client assertion.",
  }),
  string("sasl.oauthbearer.assertion.private.key.file", null, {
    doc: "File with the key that signs client assertions.",
  }),
  password("sasl.oauthbearer.assertion.private.key.passphrase", {
    doc: "Passphrase of the key that signs client assertions.",
  }),
  string("sasl.oauthbearer.assertion.template.file", null, {
    doc: "File with header and claims that every client assertion gets.",
  }),
  string("sasl.oauthbearer.client.credentials.client.id", null, {
    doc: "Client id for the client_credentials grant.",
  }),
  password("sasl.oauthbearer.client.credentials.client.secret", {
    doc: "Client secret for the client_credentials grant.",
  }),
  int("sasl.oauthbearer.clock.skew.seconds", 30, {
    importance: "LOW",
    doc: "Seconds by which the clocks of broker and OAuth provider may differ.",
  }),
  list("sasl.oauthbearer.expected.audience", [], {
    rule: items({ mayBeEmpty: true }),
    importance: "HIGH",
    doc: "Audiences of which a token must name one.",
  }),
  string("sasl.oauthbearer.expected.issuer", null, {
    importance: "HIGH",
    doc: "Issuer that a token must name.",
  }),
  long("sasl.oauthbearer.jwks.endpoint.refresh.ms", 3_600_000, {
    importance: "LOW",
    doc: "How often the OAuth provider's keys are fetched anew.",
  }),
  long("sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", 10_000, {
    importance: "LOW",
    doc: "Longest pause between tries to fetch the OAuth provider's keys.",
  }),
  long("sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", 100, {
    importance: "LOW",
    doc: "First pause between tries to fetch the OAuth provider's keys.",
  }),
  string("sasl.oauthbearer.jwks.endpoint.url", null, {
    doc: "Where the OAuth provider's keys lie.",
  }),
  className(
    "sasl.oauthbearer.jwt.retriever.class",
    "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever",
    {
      doc: "Java class that obtains tokens; kafkats loads no Java classes.",
    },
  ),
  className(
    "sasl.oauthbearer.jwt.validator.class",
    "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator",
    {
      doc: "Java class that checks tokens; kafkats loads no Java classes.",
    },
  ),
  string("sasl.oauthbearer.scope", null, {
    doc: "Scope to ask for in a token.",
  }),
  string("sasl.oauthbearer.scope.claim.name", "scope", {
    importance: "LOW",
    doc: "Claim that holds a token's scope.",
  }),
  string("sasl.oauthbearer.sub.claim.name", "sub", {
    importance: "LOW",
    doc: "Claim that holds a token's subject.",
  }),
  string("sasl.oauthbearer.token.endpoint.url", null, {
    doc: "Where the OAuth provider issues tokens.",
  }),
];
