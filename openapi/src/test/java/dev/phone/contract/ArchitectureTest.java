// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.phone.api.Operation;
import dev.phone.api.Schema;
import org.junit.jupiter.api.Test;

/** Which class knows which: what runs in server and mock, and what runs in the build alone. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.phone.api", "dev.phone.contract");
    /** What reads a contract at run time; whatever else the package has, the build runs from source. */
    private static final DescribedPredicate<JavaClass> READS_CONTRACTS = belongToAnyOf(Contract.class, Schemas.class, Example.class,
            Bundle.class, Prose.class, Source.class, Problem.class).as("classes that read contracts");
    private static final DescribedPredicate<JavaClass> BUILDS = resideInAPackage("dev.phone.contract").and(not(READS_CONTRACTS))
            .as("classes of the build");

    private static final DescribedPredicate<JavaClass> STAND_ALONE = DescribedPredicate.describe("Operation and Schema",
            type -> belongToAnyOf(Operation.class, Schema.class).test(type.getBaseComponentType()));

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }

    @Test
    void theApiKnowsNoContractFile() {
        check(noClasses().that().resideInAPackage("dev.phone.api..").should().dependOnClassesThat().resideInAPackage("dev.phone.contract..")
                .because("the generated API is the contract; it needs to read none"));
    }

    @Test
    void whatReadsContractsDoesNotNeedTheBuild() {
        check(noClasses().that(READS_CONTRACTS).should().dependOnClassesThat(BUILDS)
                .because("the mock reads contracts, and has no use for what checks and writes them"));
    }

    @Test
    void theBuildNeedsNothingThatIsGenerated() {
        check(noClasses().that(resideInAPackage("dev.phone.contract").and(not(belongToAnyOf(Example.class))))
                .should().dependOnClassesThat(resideInAPackage("dev.phone.api..").and(not(STAND_ALONE)))
                .because("the build runs from source before anything is generated: Schema and Operation stand alone, their neighbours do not"));
    }

    @Test
    void schemaAndOperationStandAlone() {
        check(noClasses().that(STAND_ALONE)
                .should().dependOnClassesThat(resideInAPackage("dev.phone.api..").and(not(STAND_ALONE)))
                .because("the build runs them from source before anything is generated"));
    }
}
