using Crane.CraneFile.Model;
using Crane.Names;

namespace Crane.Planning;

/// <summary>Plans builds: context → plain name.</summary>
internal static class BuildPlan
{
    /// <summary>The reason for skipping a build whose image is up to date.</summary>
    public const string UpToDate = "up to date";

    /// <summary>Checks a plan that may have been edited. Its Source is the context; its step is replaced by what will be run.</summary>
    /// <exception cref="CraneException">InvalidValue, InvalidImageName, DigestWithoutTag; the plan is the subject.</exception>
    /// <param name="change">Applies the options of this run.</param>
    public static RetagPlan Check(RetagPlan plan, Func<ContainerBuild, ContainerBuild> change)
    {
        try
        {
            if (plan.Source.Length == 0)
            {
                throw new CraneException(
                    CraneErrorId.InvalidValue, $"The plan for '{plan.Target}' has no Source.", "The Source of a build is its context.");
            }

            var target = Retag.Local(ImageName.ParseGiven(plan.Target));
            var build = change((plan.Build ?? new ContainerBuild()) with { Context = plan.Source });
            var good = plan with { Target = target.ToString(), Build = build, Step = DockerSteps.Build(build, target) };
            HookCommand.Check(good);
            return good;
        }
        catch (CraneException error)
        {
            throw plan.Locate(error);
        }
    }

    /// <exception cref="CraneException">
    /// MissingImage, InvalidImageName, DigestWithoutTag, InvalidValue for the build section or a hook.
    /// </exception>
    public static RetagPlan For(CraneContainer container)
    {
        var names = new ContainerNames(container);
        if (container.Build is not { } build)
            return ContainerPlan.Skipped(container, RetagOperation.Build, "no build context") with { Target = names.Written() };

        var target = names.Plain();
        BuildValues.Check(container, build);
        var plan = ContainerPlan.Planned(container, RetagOperation.Build) with
        {
            Source = build.Context,
            Target = target.ToString(),
            Step = DockerSteps.Build(build, target),
            Base = container.Base,
            DeclaredBase = container.DeclaredBase,
            Build = build,
            Hook = container.Hook,
            Requires = container.Requires,
        };
        _ = container.Read("pre-build", plan, HookCommand.Before);
        _ = container.Read("post-build", plan, HookCommand.After);
        return ContainerPlan.Gated(container, plan);
    }
}
