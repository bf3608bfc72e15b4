// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.gate;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * Begins the message of each failure with the target, example or arguments that the test goes by: on the console, Maven names a test by its method
 * and an index and nothing else.
 */
public final class NamedFailures implements InvocationInterceptor {

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        proceed(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        proceed(invocation, context);
    }

    @Override
    public void interceptDynamicTest(Invocation<Void> invocation, DynamicTestInvocationContext dynamic, ExtensionContext context) throws Throwable {
        proceed(invocation, context);
    }

    private static void proceed(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        try {
            invocation.proceed();
        } catch (TestAbortedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            throw named(names(context), e);
        }
    }

    /** What is neither the class nor the method. */
    private static String names(ExtensionContext context) {
        Deque<String> names = new ArrayDeque<>();
        for (Optional<ExtensionContext> each = Optional.of(context); each.isPresent() && each.get().getParent().isPresent(); each = each.get().getParent()) {
            String name = each.get().getDisplayName();
            boolean isMethod = each.get().getTestMethod().filter(method -> name.startsWith(method.getName() + "(")).isPresent();
            if (!isMethod && !each.get().getTestClass().map(Class::getSimpleName).orElse("").equals(name)) {
                names.push(name);
            }
        }
        return String.join(", ", names);
    }

    private static Throwable named(String names, Throwable e) {
        if (names.isEmpty()) {
            return e;
        }
        AssertionError named;
        if (e instanceof AssertionFailedError failed && failed.isExpectedDefined() && failed.isActualDefined()) {
            named = new AssertionFailedError(names + ": " + e.getMessage(), failed.getExpected(), failed.getActual(), e.getCause());
        } else if (e instanceof AssertionError) {
            named = new AssertionError(names + ": " + e.getMessage(), e.getCause());
        } else {
            named = new AssertionError(names + ": " + e, e);
        }
        named.setStackTrace(e.getStackTrace());
        Arrays.stream(e.getSuppressed()).forEach(named::addSuppressed);
        return named;
    }
}
