// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A JUnit extension with a mock for the tests of a class: started before the first test, reset to the demo world before each test, stopped after the
 * last.
 *
 * <pre>{@code
 * @RegisterExtension
 * static PhoneMockExtension phone = new PhoneMockExtension();
 *
 * @Test
 * void signsIn(PhoneMock mock) { … mock.url() … }
 * }</pre>
 */
public final class PhoneMockExtension implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback, ParameterResolver {
    private final MockOptions options;
    private PhoneMock mock;

    public PhoneMockExtension() {
        this(new MockOptions());
    }

    public PhoneMockExtension(MockOptions options) {
        this.options = options;
    }

    /** The running mock. */
    public PhoneMock mock() {
        return mock;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        mock = PhoneMock.start(options);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        mock.clock().reset();
        mock.reset();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        mock.close();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PhoneMock.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return mock;
    }
}
