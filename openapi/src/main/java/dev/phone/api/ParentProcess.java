// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

/** The process that started this one. */
public final class ParentProcess {

    private ParentProcess() {
    }

    /**
     * With the system property {@code endWithParent=true}, ends this process when its parent has ended. {@code mvn -Pserve} and {@code mvn -Pmock} set
     * it, so that nothing keeps running when Maven is stopped.
     */
    public static void endWithItIfAsked() {
        if (Boolean.getBoolean("endWithParent")) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        }
    }
}
