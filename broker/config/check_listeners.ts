import type { ConfigProblem } from "./config_problem.ts";
import type { Derived, Examined } from "./config_fields.ts";

/** Checks roles, quorum and listeners against each other, as a Kafka node does before it starts. */
export function checkListeners(examined: Examined, derived: Derived): ConfigProblem | null {
  return checkQuorum(examined, derived) ??
    (derived.isController
      ? checkController(examined, derived)
      : checkBrokerOnly(examined, derived)) ??
    (derived.isBroker ? checkBroker(examined, derived) : checkControllerOnly(examined, derived)) ??
    checkAddresses(examined, derived) ?? checkEarlyStart(examined, derived) ??
    checkInterBrokerSasl(examined, derived);
}

function checkQuorum({ get, problem }: Examined, derived: Derived): ConfigProblem | null {
  const { nodeId, quorumVoters, isController } = derived;
  if (quorumVoters.length === 0) {
    return get("controller.quorum.bootstrap.servers").length > 0 ? null : problem(
      "controller.quorum.bootstrap.servers",
      "the controllers as host:port, or else controller.quorum.voters as id@host:port",
    );
  }
  const isVoter = quorumVoters.some(({ id }) => id === nodeId);
  if (isVoter === isController) return null;
  return problem(
    "controller.quorum.voters",
    isController
      ? `a list with node ${nodeId}, which has the controller role`
      : `a list without node ${nodeId}, which lacks the controller role`,
  );
}

function checkController({ problem }: Examined, derived: Derived): ConfigProblem | null {
  const names = new Set(derived.listeners.map(({ name }) => name));
  return derived.controllerListenerNames.every((name) => names.has(name)) ? null : problem(
    "controller.listener.names",
    `names of listeners (${[...names].join(", ")}), since the node is a controller`,
  );
}

function checkBrokerOnly({ problem }: Examined, derived: Derived): ConfigProblem | null {
  const { controllerListenerNames, listeners, securityProtocols } = derived;
  if (listeners.some(({ name }) => controllerListenerNames.includes(name))) {
    return problem("listeners", "no controller listener, since the node is no controller");
  }
  const unmapped = controllerListenerNames.find((name) => !securityProtocols.has(name));
  return unmapped === undefined
    ? null
    : problem("listener.security.protocol.map", `a map with the controller listener ${unmapped}`);
}

function checkControllerOnly({ problem }: Examined, derived: Derived): ConfigProblem | null {
  const { controllerListenerNames, listeners } = derived;
  return listeners.every(({ name }) => controllerListenerNames.includes(name)) ? null : problem(
    "listeners",
    `controller listeners alone (${
      controllerListenerNames.join(", ")
    }), since the node is no broker`,
  );
}

function checkBroker({ get, text, problem }: Examined, derived: Derived): ConfigProblem | null {
  const { advertisedListeners, listeners, securityProtocols, interBrokerListenerName } = derived;
  const names = listeners.map(({ name }) => name);
  if (advertisedListeners.length === 0) {
    const option = get("advertised.listeners") === null ? "listeners" : "advertised.listeners";
    return problem(option, "at least one listener that is not the controllers'");
  }
  const foreign = advertisedListeners.find(({ name }) => !names.includes(name));
  if (foreign !== undefined) {
    return problem("advertised.listeners", `names of listeners (${names.join(", ")})`);
  }
  const isNamed = get("inter.broker.listener.name") !== null;
  if (isNamed && text("security.inter.broker.protocol") !== null) {
    return problem("security.inter.broker.protocol", "nothing beside inter.broker.listener.name");
  }
  if (isNamed && !securityProtocols.has(interBrokerListenerName)) {
    return problem("inter.broker.listener.name", "a name in listener.security.protocol.map");
  }
  if (advertisedListeners.some(({ name }) => name === interBrokerListenerName)) return null;
  const allowed = advertisedListeners.map(({ name }) => name).join(", ");
  return isNamed ? problem("inter.broker.listener.name", `an advertised listener (${allowed})`) : {
    option: "inter.broker.listener.name",
    value: null,
    allowed: `an advertised listener (${allowed}), since none is called ${interBrokerListenerName}`,
  };
}

function checkAddresses({ get, problem }: Examined, derived: Derived): ConfigProblem | null {
  const told = [...derived.advertisedListeners];
  // A controller on every interface is told by the address that its peers know it by.
  if (get("advertised.listeners") !== null) {
    const names = derived.controllerListenerNames;
    const explicit = get("advertised.listeners") ?? [];
    told.push(
      ...derived.advertisedControllerListeners.filter(({ name }) =>
        names.includes(name) && explicit.some((item) => item.toUpperCase().startsWith(`${name}:`))
      ),
    );
  }
  if (!told.some(({ host }) => host === "0.0.0.0")) return null;
  return problem(
    get("advertised.listeners") === null ? "listeners" : "advertised.listeners",
    "addresses that others can reach, which 0.0.0.0 is not; set advertised.listeners",
  );
}

function checkEarlyStart({ get, problem }: Examined, derived: Derived): ConfigProblem | null {
  const known = [...derived.listeners.map(({ name }) => name), ...derived.controllerListenerNames];
  const early = get("early.start.listeners") ?? [];
  return early.every((name) => known.includes(name.toUpperCase()))
    ? null
    : problem("early.start.listeners", `names of listeners (${known.join(", ")})`);
}

function checkInterBrokerSasl({ get, text, problem }: Examined, derived: Derived) {
  const { interBrokerListenerName, securityProtocols, isBroker } = derived;
  const protocol = securityProtocols.get(interBrokerListenerName);
  if (!isBroker || !protocol?.startsWith("SASL_")) return null;
  const own = text(
    `listener.name.${interBrokerListenerName.toLowerCase()}.sasl.enabled.mechanisms`,
  );
  const enabled = own === null
    ? get("sasl.enabled.mechanisms")
    : own.split(",").map((m) => m.trim());
  return enabled.includes(get("sasl.mechanism.inter.broker.protocol")) ? null : problem(
    "sasl.mechanism.inter.broker.protocol",
    `a mechanism of sasl.enabled.mechanisms (${enabled.join(", ")})`,
  );
}
