// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.trace.Recorder;
import java.lang.reflect.Method;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;

/** Tells the recorder of a suite which test is running, dynamic ones included. */
final class Recording implements BeforeEachCallback, InvocationInterceptor {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Recording.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        // A dynamic test has no instance of its own; it finds what its factory method has left.
        context.getStore(NAMESPACE).put(Recorder.class, ((Suite) context.getRequiredTestInstance()).recorder);
        recordAs(context, method(context));
    }

    @Override
    public void interceptDynamicTest(Invocation<Void> invocation, DynamicTestInvocationContext invocationContext, ExtensionContext context)
            throws Throwable {
        recordAs(context, method(context) + " > " + context.getDisplayName());
        invocation.proceed();
    }

    private static void recordAs(ExtensionContext context, String test) {
        context.getStore(NAMESPACE).get(Recorder.class, Recorder.class).begin(test);
    }

    /** The method, or that which has made a dynamic test. */
    private static String method(ExtensionContext context) {
        return context.getTestMethod().map(Method::getName).or(() -> context.getParent().map(Recording::method)).orElse("");
    }
}
