// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Which module and which package knows which, seen from the one place that sees all of them. */
class ArchitectureTest {
    private static final String ROOT = "dev.phone.contracttests";
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.phone");

    private static void check(ArchRule rule) {
        rule.check(ALL);
    }

    @Test
    void theMockKnowsNoServer() {
        check(noClasses().that().resideInAPackage("dev.phone.mock..").should().dependOnClassesThat().resideInAPackage("dev.phone.server..")
                .because("that two programs agree proves something only if neither is made of the other"));
    }

    @Test
    void theServerKnowsNoMock() {
        check(noClasses().that().resideInAPackage("dev.phone.server..").should().dependOnClassesThat().resideInAPackage("dev.phone.mock..")
                .because("that two programs agree proves something only if neither is made of the other"));
    }

    @Test
    void theContractKnowsNobody() {
        check(noClasses().that().resideInAnyPackage("dev.phone.api..", "dev.phone.contract..")
                .should().dependOnClassesThat().resideInAnyPackage("dev.phone.server..", "dev.phone.mock..", ROOT + "..")
                .because("everyone stands on it"));
    }

    @Test
    void onlyTargetsKnowWhatRuns() {
        check(noClasses().that().resideInAPackage(ROOT + "..").and().resideOutsideOfPackage(ROOT + ".target..")
                .should().dependOnClassesThat(resideInAnyPackage("dev.phone.server..", "dev.phone.mock..").and(not(simpleName("TextPattern"))))
                .because("a check sees what a client sees, so that it means the same for every target; only TextPattern, which makes a text for "
                        + "a pattern, knows nothing of the mock"));
    }

    @Test
    void targetsKnowNoCheck() {
        check(noClasses().that().resideInAPackage(ROOT + ".target..")
                .should().dependOnClassesThat().resideInAnyPackage(ROOT + ".check..", ROOT + ".trace..", ROOT + ".conversation..", ROOT + ".pact..")
                .because("a target is what is looked at, not how"));
    }

    @Test
    void packagesHaveNoCycle() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().because("each can be read without the next"));
    }
}
