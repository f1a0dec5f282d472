import { boolean, className, double, int, list, long, password, string } from "../option.ts";
import { anyText, atLeast, items, oneOf } from "../option_rule.ts";

/** Broker options of TLS, SASL, principals, authorization and delegation tokens. */
export const securityOptions = [
  string("authorizer.class.name", "", {
    rule: anyText,
    importance: "LOW",
    doc: "Who decides what principals may do; empty allows everything.",
  }),
  list("config.providers", [], {
    rule: items({ mayBeEmpty: true }),
    importance: "LOW",
    scope: "cluster-wide",
    doc: "Names of providers that resolve ${provider:path:key} in values.",
  }),
  long("delegation.token.expiry.check.interval.ms", 3_600_000, {
    rule: atLeast(1),
    importance: "LOW",
    doc: "How often expired delegation tokens are removed.",
  }),
  long("delegation.token.expiry.time.ms", 86_400_000, {
    rule: atLeast(1),
    doc: "Time after which a delegation token must be renewed.",
  }),
  long("delegation.token.max.lifetime.ms", 604_800_000, {
    rule: atLeast(1),
    doc: "Age that no delegation token outlives, renewed or not.",
  }),
  password("delegation.token.secret.key", {
    doc: "Secret by which delegation tokens are signed; the same on every node.",
  }),
  className(
    "principal.builder.class",
    "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder",
    {
      scope: "per-broker",
      doc:
        "Java class that names the principal of a connection; only Kafka's own default is known.",
    },
  ),
  className("sasl.client.callback.handler.class", null, {
    doc: "Java class of SASL client callbacks; kafkats loads no Java classes.",
  }),
  list("sasl.enabled.mechanisms", ["GSSAPI"], {
    rule: items({ mayBeEmpty: true }),
    scope: "per-broker",
    doc: "SASL mechanisms that clients may use.",
  }),
  password("sasl.jaas.config", {
    scope: "per-broker",
    doc: "JAAS login line, best set per listener and mechanism.",
  }),
  string("sasl.kerberos.kinit.cmd", "/usr/bin/kinit", {
    scope: "per-broker",
    doc: "Path of kinit.",
  }),
  long("sasl.kerberos.min.time.before.relogin", 60_000, {
    scope: "per-broker",
    doc: "Pause between Kerberos ticket refreshes.",
  }),
  list("sasl.kerberos.principal.to.local.rules", ["DEFAULT"], {
    rule: items({ mayBeEmpty: true }),
    scope: "per-broker",
    doc: "Rules from Kerberos principals to short names; the first that matches counts.",
  }),
  string("sasl.kerberos.service.name", null, {
    scope: "per-broker",
    doc: "Kerberos name that brokers run under.",
  }),
  double("sasl.kerberos.ticket.renew.jitter", 0.05, {
    scope: "per-broker",
    doc: "Random share of the time to a Kerberos ticket refresh.",
  }),
  double("sasl.kerberos.ticket.renew.window.factor", 0.8, {
    scope: "per-broker",
    doc: "Share of a Kerberos ticket's life after which it is refreshed.",
  }),
  string("sasl.mechanism.controller.protocol", "GSSAPI", {
    importance: "HIGH",
    doc: "SASL mechanism towards controllers.",
  }),
  string("sasl.mechanism.inter.broker.protocol", "GSSAPI", {
    scope: "per-broker",
    doc: "SASL mechanism among brokers.",
  }),
  className("sasl.server.callback.handler.class", null, {
    doc: "Java class of SASL server callbacks; kafkats loads no Java classes.",
  }),
  int("sasl.server.max.receive.size", 524_288, {
    doc: "Largest SASL message in bytes before a client is authenticated.",
  }),
  string("security.inter.broker.protocol", "PLAINTEXT", {
    rule: oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    doc: "Security protocol among brokers; inter.broker.listener.name is the newer way to say it.",
  }),
  string("security.providers", null, {
    importance: "LOW",
    doc: "Java security providers; kafkats loads no Java classes.",
  }),
  boolean("ssl.allow.dn.changes", false, {
    importance: "LOW",
    doc: "Whether a new certificate may name another subject.",
  }),
  boolean("ssl.allow.san.changes", false, {
    importance: "LOW",
    doc: "Whether a new certificate may lose alternative names.",
  }),
  list("ssl.cipher.suites", [], {
    rule: items({ mayBeEmpty: true }),
    scope: "per-broker",
    doc: "TLS cipher suites; all that the runtime offers when empty.",
  }),
  string("ssl.client.auth", "none", {
    rule: oneOf("required", "requested", "none"),
    scope: "per-broker",
    doc: "Whether TLS clients must, may or need not show a certificate.",
  }),
  list("ssl.enabled.protocols", ["TLSv1.2", "TLSv1.3"], {
    rule: items({ mayBeEmpty: true }),
    scope: "per-broker",
    doc: "TLS versions that connections may use.",
  }),
  string("ssl.endpoint.identification.algorithm", "https", {
    importance: "LOW",
    scope: "per-broker",
    doc: "How a server's host name is checked against its certificate; empty is not at all.",
  }),
  className("ssl.engine.factory.class", null, {
    importance: "LOW",
    scope: "per-broker",
    doc: "Java class that makes TLS engines; kafkats loads no Java classes.",
  }),
  password("ssl.key.password", {
    scope: "per-broker",
    doc: "Password of the private key.",
  }),
  string("ssl.keymanager.algorithm", "SunX509", {
    scope: "per-broker",
    doc: "Java's name of the key manager; kafkats has its own.",
  }),
  password("ssl.keystore.certificate.chain", {
    scope: "per-broker",
    doc: "Certificate chain in PEM.",
  }),
  password("ssl.keystore.key", {
    scope: "per-broker",
    doc: "Private key in PEM (PKCS#8).",
  }),
  string("ssl.keystore.location", null, {
    scope: "per-broker",
    doc: "File with private key and certificate.",
  }),
  password("ssl.keystore.password", {
    scope: "per-broker",
    doc: "Password of the key store file.",
  }),
  string("ssl.keystore.type", "JKS", {
    scope: "per-broker",
    doc: "Format of the key store file: JKS, PKCS12 or PEM.",
  }),
  string("ssl.principal.mapping.rules", "DEFAULT", {
    importance: "LOW",
    doc: "Rules from certificate subjects to principal names; the first that matches counts.",
  }),
  string("ssl.protocol", "TLSv1.3", {
    scope: "per-broker",
    doc: "TLS version to prefer.",
  }),
  string("ssl.provider", null, {
    scope: "per-broker",
    doc: "Java's TLS provider; kafkats has its own.",
  }),
  string("ssl.secure.random.implementation", null, {
    importance: "LOW",
    scope: "per-broker",
    doc: "Java's random generator for TLS; kafkats has its own.",
  }),
  string("ssl.trustmanager.algorithm", "PKIX", {
    scope: "per-broker",
    doc: "Java's name of the trust manager; kafkats has its own.",
  }),
  password("ssl.truststore.certificates", {
    scope: "per-broker",
    doc: "Trusted certificates in PEM.",
  }),
  string("ssl.truststore.location", null, {
    scope: "per-broker",
    doc: "File with trusted certificates.",
  }),
  password("ssl.truststore.password", {
    scope: "per-broker",
    doc: "Password of the trust store file.",
  }),
  string("ssl.truststore.type", "JKS", {
    scope: "per-broker",
    doc: "Format of the trust store file: JKS, PKCS12 or PEM.",
  }),
];
