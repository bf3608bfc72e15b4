// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The targets of the suites. Targets are reused by several suites, because starting one takes longer than most tests. */
public enum TargetType {
    SERVER_ON_H2("server on H2", ServerTarget::onH2),
    SERVER_ON_POSTGRES("server on PostgreSQL", ServerTarget::onPostgres),
    MOCK("mock", MockTarget::new),
    MOCK_THROUGH_WIREMOCK("mock through WireMock", MockTarget::throughWireMock),
    MOCK_JAR("mock's jar", MockJarTarget::new);

    private static final Map<String, String> WITHOUT_LIMITS = Map.of("phone.limits.enabled", "false");
    private static final Map<Boolean, Map<TargetType, Deque<Target>>> IDLE =
            Map.of(true, new EnumMap<>(TargetType.class), false, new EnumMap<>(TargetType.class));

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            IDLE.values().forEach(byType -> byType.values().forEach(targets -> targets.forEach(Target::close)));
            ServerTarget.stopPostgres();
        }));
    }

    private final String title;
    private final Function<Map<String, String>, Target> starter;

    TargetType(String title, Function<Map<String, String>, Target> starter) {
        this.title = title;
        this.starter = starter;
    }

    /** The selected targets: all, or those in {@code -Dtargets=SERVER_ON_H2,MOCK}. */
    public static List<TargetType> chosen() {
        String names = System.getProperty("targets", "");
        return names.isEmpty() ? List.of(values()) : Arrays.stream(names.split(",")).map(TargetType::valueOf).toList();
    }

    /** A target of this type for exclusive use until it is given back. It is not reset. @param limited whether rate limits are on */
    public Target take(boolean limited) {
        synchronized (IDLE) {
            Deque<Target> idle = IDLE.get(limited).computeIfAbsent(this, type -> new ArrayDeque<>());
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return starter.apply(limited ? Map.of() : WITHOUT_LIMITS);
    }

    /** @param limited the same value as for {@link #take} */
    public void giveBack(Target target, boolean limited) {
        synchronized (IDLE) {
            IDLE.get(limited).get(this).push(target);
        }
    }

    /** Whether this is the mock, which answers every operation of the contract. */
    public boolean isMock() {
        return this == MOCK || this == MOCK_THROUGH_WIREMOCK || this == MOCK_JAR;
    }

    /** Whether the target reads the body before it can refuse a request by its head. */
    public boolean readsBodiesFirst() {
        return this == MOCK_THROUGH_WIREMOCK;
    }

    @Override
    public String toString() {
        return title;
    }
}
