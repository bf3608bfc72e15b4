// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import dev.phone.mock.MockOptions;
import dev.phone.mock.PhoneMock;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The mock in this process. */
public final class MockTarget implements Target {
    private final TargetType type;
    private final PhoneMock mock;

    public MockTarget(Map<String, String> config) {
        this(TargetType.MOCK, config, true);
    }

    private MockTarget(TargetType type, Map<String, String> config, boolean bypass) {
        this.type = type;
        mock = PhoneMock.start(new MockOptions().bypass(bypass).limits(!"false".equals(config.get("phone.limits.enabled"))));
        reset();
    }

    /** A mock that sends all requests through WireMock. */
    public static MockTarget throughWireMock(Map<String, String> config) {
        return new MockTarget(TargetType.MOCK_THROUGH_WIREMOCK, config, false);
    }

    @Override
    public String name() {
        return type.toString();
    }

    @Override
    public URI url() {
        return URI.create(mock.url());
    }

    @Override
    public void reset() {
        mock.clock().freeze(START);
        mock.reset();
    }

    @Override
    public void advance(Duration duration) {
        settle();
        mock.clock().advance(duration);
    }

    @Override
    public void settle() {
        mock.clock().advance(Duration.ZERO);
    }

    @Override
    public void close() {
        mock.close();
    }
}
