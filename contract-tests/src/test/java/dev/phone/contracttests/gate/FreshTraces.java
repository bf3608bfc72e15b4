// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.gate;

import dev.phone.contracttests.trace.Evidence;
import dev.phone.contracttests.trace.Trace;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** A run of all suites begins without the traces of the one before, so that the gates see nothing that is no longer there. */
public final class FreshTraces implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (!Boolean.getBoolean("phone.traces.keep")) {
            Trace.clear();
            Evidence.clear();
        }
    }
}
